import { serveNextAuth } from '@/app/api/next-auth';

export const GET = serveNextAuth;
export const POST = serveNextAuth;
