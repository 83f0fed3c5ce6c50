import { VERDICT_STYLES, VerdictMark } from '@/components/ui/verdict-mark';
import { PASSWORD_RULES, type PasswordOwner } from './password-rules';

/** What is asked of the password, each ticked off as it is kept. */
export function PasswordChecklist({ password, owner }: { password: string; owner: PasswordOwner }) {
  return (
    <ul aria-label="What is asked of the password" className="mt-1 grid gap-0.5">
      {PASSWORD_RULES.map((rule) => {
        const kept = password !== '' && rule.keeps(password, owner);
        return (
          <li key={rule.id} className="flex items-center gap-2">
            <VerdictMark verdict={kept ? 'trusted' : 'unknown'} />
            <span className={kept ? VERDICT_STYLES.trusted.text : 'text-dim'}>{rule.text}</span>
            <span className="sr-only">{kept ? ': kept' : ': not yet'}</span>
          </li>
        );
      })}
    </ul>
  );
}
