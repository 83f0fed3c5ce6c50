/** What a guide's code is filled in with. */
export interface SnippetValues {
  appId: string;
  appName: string;
  /** Origin of the attestation service. */
  serviceUrl: string;
  /** The protected API that a gateway asks for. */
  apiId: string;
}

/** Shell lines that try the service: a challenge, the keys, and a gateway's question. */
export function curlSnippet({ appId, serviceUrl, apiId }: SnippetValues): string {
  return `# What a device asks for first: a challenge for this app, good for 60 seconds
curl -s ${serviceUrl}/v1/challenges \\
  -H 'Content-Type: application/json' -d '{"appId":"${appId}"}'

# The keys under which its tokens are signed
curl -s ${serviceUrl}/v1/apps/${appId}/jwks.json

# What a gateway asks about each request; without a token the answer's code is token_missing
curl -si '${serviceUrl}/v1/authorize?api=${apiId}' -H "Attestation-Token: $TOKEN"
`;
}

/** The tested nginx configuration of the documentation, with this service and this API. */
export function nginxSnippet({ serviceUrl, apiId }: SnippetValues): string {
  const { protocol, host, hostname, port } = new URL(serviceUrl);
  const secure = protocol === 'https:';
  const server = port === '' ? `${hostname}:${secure ? 443 : 80}` : host;
  const tls = secure
    ? `
        proxy_ssl_server_name on;
        proxy_ssl_name ${hostname};
        proxy_set_header Host ${host};`
    : '';
  return `upstream countersign {
    server ${server};
    keepalive 32;
}

upstream api {
    server 127.0.0.1:8080;
}

server {
    listen 8443;

    location / {
        auth_request /_countersign;

        # What Countersign found out, for your API's own logs and decisions.
        auth_request_set $attestation_status   $upstream_http_x_attestation_status;
        auth_request_set $attestation_instance $upstream_http_x_attestation_instance;
        auth_request_set $attestation_code     $upstream_http_x_attestation_code;
        # These overwrite whatever the client sent under the same names.
        proxy_set_header X-Attestation-Status   $attestation_status;
        proxy_set_header X-Attestation-Instance $attestation_instance;
        # The token has done its work; your API need not see it.
        proxy_set_header Attestation-Token "";

        error_page 401 = @attestation_missing;
        error_page 403 = @attestation_refused;
        proxy_pass http://api;
    }

    location = /_countersign {
        internal;
        proxy_pass ${protocol}//countersign/v1/authorize?api=${apiId};${tls}
        proxy_pass_request_body off;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Content-Length "";
        proxy_set_header X-Original-Method $request_method;
        proxy_set_header X-Original-URI $request_uri;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_connect_timeout 500ms;
        proxy_read_timeout 1s;
    }

    location @attestation_missing {
        internal;
        default_type application/problem+json;
        return 401 '{"type":"about:blank","title":"Attestation required","status":401,"code":"$attestation_code"}';
    }

    location @attestation_refused {
        internal;
        default_type application/problem+json;
        return 403 '{"type":"about:blank","title":"Attestation refused","status":403,"code":"$attestation_code"}';
    }
}
`;
}
