import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { QueryProvider } from '@/components/query/query-provider';
import { parseTheme, THEME_COOKIE } from '@/components/ui/theme';
import { Toaster } from '@/components/ui/toast';
import { TooltipLayer } from '@/components/ui/tooltip-layer';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Countersign', template: '%s · Countersign' },
  description: 'Attestation for mobile apps: evidence, verdicts, policies and blocks.',
  icons: { icon: { url: '/favicon.svg', type: 'image/svg+xml' } },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  colorScheme: 'dark light',
  themeColor: [
    { media: '(prefers-color-scheme: dark)', color: '#0b0f15' },
    { media: '(prefers-color-scheme: light)', color: '#f9fafc' },
  ],
};

/** The document: fonts, the theme of the viewer's cookie, and what every page shares. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme} className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body className="font-sans">
        <QueryProvider>{children}</QueryProvider>
        <TooltipLayer />
        <Toaster />
      </body>
    </html>
  );
}
