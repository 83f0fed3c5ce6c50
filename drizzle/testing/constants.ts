export const TEMPLATE_DATABASE = 'countersign_test_template';

/** Passwords of the two roles in test clusters; nothing but tests ever runs there. */
export const ROLE_PASSWORDS = { console: 'console-test', service: 'service-test' } as const;
