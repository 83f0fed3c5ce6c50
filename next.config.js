/** Headers of every response. The Content Security Policy of pages is set with its nonce in `proxy.ts`. */
const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** What an answer of the API may do should a browser show it as a page: nothing. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

const asList = (headers) => Object.entries(headers).map(([key, value]) => ({ key, value }));

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked by `npm run verify`, once; a build on a user's machine need not wait for it.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['postgres', 'pino'],
  experimental: { optimizePackageImports: ['lucide-react', 'radix-ui', 'recharts'] },
  headers: async () => [
    { source: '/:path*', headers: asList(SECURITY_HEADERS) },
    { source: '/api/:path*', headers: asList({ 'Content-Security-Policy': API_POLICY }) },
  ],
};
