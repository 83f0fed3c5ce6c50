import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stand-in answers to a token: its payload, or a status. */
export type DecodeAnswer = { readonly payload: unknown } | { readonly status: number };

/** A local stand-in for Google's token endpoint and its decoding API, which follows their documented answers. */
export interface GoogleStandIn {
  readonly origin: string;
  /** A service account's key file, which it knows. */
  readonly keyFile: string;
  /** Requests that it got, by path. */
  readonly seen: { path: string; authorization: string | undefined; body: string }[];
  /** Called for each token to be decoded. */
  answer: (token: string) => DecodeAnswer;
  close(): Promise<void>;
}

const ACCESS_TOKEN = 'ya29.stand-in';

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Starts the stand-in on loopback. */
export async function startGoogle(): Promise<GoogleStandIn> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const seen: GoogleStandIn['seen'] = [];
  const standIn = { answer: (_token: string): DecodeAnswer => ({ status: 400 }) };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await bodyOf(request);
    const { authorization } = request.headers;
    seen.push({ path, authorization, body });
    const send = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (path === '/token') {
      send(200, { access_token: ACCESS_TOKEN, expires_in: 3_599, token_type: 'Bearer' });
      return;
    }
    if (!path.endsWith(':decodeIntegrityToken') || authorization !== `Bearer ${ACCESS_TOKEN}`) {
      send(401, { error: { code: 401, status: 'UNAUTHENTICATED' } });
      return;
    }
    const answer = standIn.answer(String(JSON.parse(body).integrity_token));
    if ('payload' in answer) send(200, { tokenPayloadExternal: answer.payload });
    else send(answer.status, { error: { code: answer.status, status: 'INVALID_ARGUMENT' } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(standIn, {
    origin: `http://127.0.0.1:${port}`,
    seen,
    keyFile: JSON.stringify({
      type: 'service_account',
      project_id: 'stand-in',
      private_key_id: 'abc',
      private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
      client_email: 'attestation@stand-in.iam.gserviceaccount.com',
      token_uri: 'https://attacker.example/token',
    }),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
