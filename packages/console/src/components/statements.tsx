import { type PolicyKind, parsePolicy } from '@omen-iam/policy'
import { useLanguage } from '../text/language.ts'
import { statementSentence } from '../text/statement.ts'

/** Each statement of a document as one plain sentence. */
export function Statements({ text, kind }: { readonly text: string; readonly kind: PolicyKind }) {
  const language = useLanguage()
  const parsed = parsePolicy(text, kind, { lenient: true })
  if (!parsed.ok)
    return (
      <p className="as-sent" lang="en">
        {parsed.message}
      </p>
    )
  return (
    <ul className="statements">
      {parsed.policy.statements.map((statement) => (
        <li key={statement.index} className={`statement-${statement.effect.toLowerCase()}`}>
          {statement.sid !== undefined && <code>{statement.sid}</code>}{' '}
          <span dir="auto">{statementSentence(statement, kind, language)}</span>
        </li>
      ))}
    </ul>
  )
}
