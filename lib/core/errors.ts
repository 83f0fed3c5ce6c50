/**
 * Every stable error code that a caller of an API, a verb or the CLI may meet, with its HTTP status and a title.
 * Codes are `snake_case` facts; they are never renamed once released.
 */
export const ERROR_CATALOGUE = {
  // The request itself
  request_malformed: { status: 400, title: 'The request is not well-formed.' },
  request_invalid: { status: 422, title: 'The request does not match its schema.' },
  request_too_large: { status: 413, title: 'The request body is too large.' },
  request_headers_too_large: { status: 431, title: 'The request headers are too large.' },
  request_timeout: { status: 408, title: 'The request took too long to arrive.' },
  content_encoding_unsupported: { status: 415, title: 'Content-Encoding is not accepted here.' },
  media_type_unsupported: { status: 415, title: 'The body must be application/json.' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here.' },
  route_not_found: { status: 404, title: 'There is nothing at this address.' },
  rate_limited: { status: 429, title: 'Too many requests.' },
  // Staff
  authentication_required: { status: 401, title: 'Sign in first.' },
  credentials_invalid: { status: 401, title: 'The e-mail address or the password is wrong.' },
  permission_denied: { status: 403, title: 'Your role does not permit this.' },
  step_up_required: { status: 403, title: 'This act asks for your password again.' },
  origin_untrusted: { status: 403, title: 'The request came from another origin.' },
  setup_token_invalid: { status: 403, title: 'The setup link is wrong, used or expired.' },
  session_not_found: { status: 404, title: 'No such session.' },
  sign_in_locked: { status: 429, title: 'Too many failed sign-ins; wait a little.' },
  password_too_weak: { status: 422, title: 'The password is too easy to guess.' },
  setup_already_done: { status: 409, title: 'The first administrator exists already.' },
  // Registry and response
  app_not_found: { status: 404, title: 'No such app.' },
  app_already_exists: { status: 409, title: 'An app with this id exists already.' },
  app_identity_taken: { status: 409, title: 'Another app has registered this identity.' },
  api_not_found: { status: 404, title: 'No such protected API.' },
  api_already_exists: { status: 409, title: 'A protected API with this id exists already.' },
  instance_not_found: { status: 404, title: 'No such device instance.' },
  event_not_found: { status: 404, title: 'No such attestation.' },
  evidence_not_archived: { status: 404, title: 'The evidence of this attestation was not kept.' },
  evidence_unreadable: { status: 409, title: 'The evidence of this attestation cannot be opened.' },
  policy_not_found: { status: 404, title: 'No such policy version.' },
  policy_rule_invalid: { status: 422, title: 'A rule of the policy cannot be used; nothing was changed.' },
  policy_unchanged: { status: 409, title: 'This is the policy that is in force already.' },
  policy_draft_not_found: { status: 404, title: 'The app has no draft.' },
  policy_baseline_missing: { status: 409, title: 'There is no baseline yet.' },
  approval_needed: { status: 409, title: 'Somebody else has to approve this first.' },
  approval_own: { status: 403, title: 'You edited this draft last; somebody else has to approve it.' },
  rollout_open: { status: 409, title: 'Another version is being rolled out; stop that first.' },
  rollout_not_found: { status: 404, title: 'No such rollout.' },
  rollout_ended: { status: 409, title: 'This rollout is over.' },
  rollout_stage_past: { status: 409, title: 'The rollout is not at this stage any more.' },
  quarantine_not_found: { status: 404, title: 'No such quarantine.' },
  quarantine_already_ended: { status: 409, title: 'This quarantine has ended already.' },
  threat_not_demotable: { status: 422, title: 'This threat proves forgery and is always rejected.' },
  kill_switch_unchanged: { status: 409, title: 'The kill switch is in this position already.' },
  block_not_found: { status: 404, title: 'No such block.' },
  block_already_lifted: { status: 409, title: 'This block has ended already.' },
  block_already_active: { status: 409, title: 'Exactly this is blocked, simulated or allowed already.' },
  block_contradicts_allow: {
    status: 409,
    title: 'An allowlist entry on exactly this would lift the block; end that first.',
  },
  block_target_malformed: { status: 422, title: 'This is no target of its scope.' },
  block_network_malformed: { status: 422, title: 'This is no network that can be blocked.' },
  block_asn_malformed: { status: 422, title: 'This is no number of a network.' },
  block_country_unknown: { status: 422, title: 'There is no such country code.' },
  block_app_needed: { status: 422, title: 'A block of this scope belongs to one app.' },
  block_import_invalid: {
    status: 422,
    title: 'The list has lines that cannot be taken; nothing was changed.',
  },
  block_batch_empty: { status: 409, title: 'There is nothing to block.' },
  block_batch_not_found: { status: 404, title: 'No such bulk act.' },
  block_batch_too_large: { status: 409, title: 'A bulk act has at most 100,000 devices; narrow the query.' },
  block_batch_undone: { status: 409, title: 'This bulk act has been undone.' },
  block_rule_not_found: { status: 404, title: 'No such rule.' },
  block_rule_name_taken: { status: 409, title: 'The app has a rule of this name already.' },
  block_too_long_for_role: { status: 403, title: 'Your role may block for at most 24 hours.' },
  origin_not_found: { status: 404, title: 'No such protected origin.' },
  origin_already_exists: { status: 409, title: 'This app protects this host already.' },
  pin_unreadable: { status: 422, title: 'No public key can be read from this.' },
  pin_private_key_refused: {
    status: 422,
    title: 'This holds a private key, which must never leave its server.',
  },
  pins_unsafe: { status: 409, title: 'These pins could cut the app off from its server.' },
  rotation_not_found: { status: 404, title: 'No rotation of this pin is under way.' },
  rotation_already_open: { status: 409, title: 'A rotation of this origin is under way already.' },
  rotation_step_early: { status: 409, title: 'The rotation is not at this step.' },
  rotation_not_safe: { status: 409, title: 'Too many devices would be cut off by this step.' },
  view_not_found: { status: 404, title: 'No such saved view.' },
  view_name_taken: { status: 409, title: 'You have a view of this name on this page already.' },
  cut_off_not_later: { status: 409, title: 'A cut-off of this time, or a later one, is in force already.' },
  signing_key_not_found: { status: 404, title: 'No such signing key.' },
  signing_key_not_live: { status: 409, title: 'This signing key vouches for nothing any more.' },
  rotation_already_pending: { status: 409, title: 'A rotation of the signing key is on its way already.' },
  change_not_found: { status: 404, title: 'No such change.' },
  staff_already_exists: { status: 409, title: 'A staff member with this e-mail address exists already.' },
  api_key_not_found: { status: 404, title: 'No such API key.' },
  api_key_version_not_found: { status: 404, title: 'The API key has no such version.' },
  api_key_already_exists: {
    status: 409,
    title: 'The app has an API key of this name, or for this API, already.',
  },
  api_key_in_use: { status: 409, title: 'This version of the API key is still in use.' },
  api_key_transition_refused: { status: 409, title: 'The API key is not in a state that permits this.' },
  relying_party_not_found: { status: 404, title: 'No such relying party.' },
  relying_party_name_taken: { status: 409, title: 'Another relying party has this name.' },
  vault_not_ready: {
    status: 503,
    title: 'The attestation service has not started yet; nothing can be sealed.',
  },
  app_attest_key_not_found: { status: 404, title: 'This app has no key for App Attest receipts.' },
  edit_conflict: { status: 409, title: 'Someone else changed this meanwhile.' },
  // Attestation
  challenge_invalid: { status: 400, title: 'The challenge is wrong, expired or not for this app.' },
  attestation_rejected: { status: 403, title: 'The attestation was rejected.' },
  device_blocked: { status: 403, title: 'This device is blocked by its operator.' },
  // Relying parties
  token_missing: { status: 401, title: 'No attestation token was presented.' },
  token_malformed: { status: 401, title: 'The attestation token is malformed.' },
  token_bad_signature: { status: 401, title: 'The signature of the attestation token is wrong.' },
  token_expired: { status: 401, title: 'The attestation token has expired.' },
  token_wrong_audience: { status: 403, title: 'The attestation token is for another audience.' },
  token_revoked: { status: 403, title: 'The attestation token has been revoked.' },
  token_binding_mismatch: { status: 403, title: 'The attestation token is bound to something else.' },
  api_key_missing: { status: 403, title: 'The API key that this API demands was not presented.' },
  api_key_wrong: { status: 403, title: 'The API key is not the one of this app.' },
  api_key_revoked: { status: 403, title: 'The API key has been revoked.' },
  relying_party_unknown: { status: 401, title: 'This is the credential of no relying party.' },
  token_replayed: { status: 403, title: 'The proof of possession was used before.' },
  // The system
  service_unavailable: { status: 503, title: 'The service cannot commit right now; try again shortly.' },
  snapshot_stale: { status: 503, title: 'This node has not heard of changes for too long.' },
  internal_error: { status: 500, title: 'Something went wrong on our side.' },
} as const satisfies Record<string, { status: number; title: string }>;

/** A stable, documented error code. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/**
 * The one error that verbs and services throw on purpose. `detail` is for the caller and never holds a token, key,
 * certificate or anything else secret; `fields` names what is wrong with an input, by its path.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly fields: Readonly<Record<string, string>> | undefined;

  constructor(
    code: ErrorCode,
    options: { detail?: string; fields?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(options.detail ?? ERROR_CATALOGUE[code].title, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail;
    this.fields = options.fields;
  }

  /** HTTP status of the code. */
  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }
}
