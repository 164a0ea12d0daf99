import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { type PrincipalEntry, parsePolicy } from '@omen-iam/policy'
import { type AssumersQuestion, outsidersOf, useAssumers } from '../client/assumers.ts'
import { useIdentity } from '../client/identity.ts'
import { useText } from '../text/language.ts'
import { newRoleText } from '../text/new-role.ts'
import { shellText } from '../text/shell.ts'
import { Failure } from './failure.tsx'
import { Mask } from './mask.tsx'
import { PageLink } from './page-link.tsx'
import { Sign } from './sign.tsx'

type Text = ReturnType<typeof useText<typeof newRoleText.en>>

/**
 * The principals that can assume a role: users and roles of the account by name, everybody else as the trust policy
 * names them.
 */
export function AssumersList({ role, trust }: { readonly role?: string; readonly trust: string }) {
  const t = useText(newRoleText)
  const shell = useText(shellText)
  const identity = useIdentity()
  const isValid = parsePolicy(trust, 'trust').ok
  const question: AssumersQuestion = role === undefined ? { trust } : { role, trust }
  const assumers = useAssumers(question, isValid)
  if (!isValid) return <Box color="text-status-inactive">{t.invalidTrust}</Box>
  if (assumers.isError) return <Failure error={assumers.error} />
  if (assumers.data === undefined) return <StatusIndicator type="loading">{shell.loading}</StatusIndicator>
  const outsiders = outsidersOf(trust, identity?.account ?? '')
  return (
    <SpaceBetween size="s">
      {assumers.data.wearers.length === 0 && <Box color="text-status-inactive">{t.nobody}</Box>}
      <ul className="plain-list">
        {assumers.data.wearers.map(({ kind, name, id, arn }) => (
          <li key={arn} className="with-mask">
            {kind === 'role' ? <Mask role={{ id, name }} size={24} /> : <Sign name="person" size={20} />}
            <span>{kind === 'role' ? t.role : t.user}</span>
            <PageLink to={`/${kind}s/${encodeURIComponent(name)}`}>{name}</PageLink>
          </li>
        ))}
        {outsiders.map((entry) => (
          <li key={`${entry.type} ${entry.value}`} className="with-mask">
            <Sign name="outside" size={20} />
            <span dir="auto">{outsiderWords(entry, t)}</span>
          </li>
        ))}
      </ul>
      {assumers.data.beyond > 0 && <Box color="text-status-warning">{t.beyond(assumers.data.beyond)}</Box>}
      {outsiders.length > 0 && trust.includes('"Condition"') && (
        <Box variant="small">{t.conditionsApply}</Box>
      )}
    </SpaceBetween>
  )
}

function outsiderWords({ type, value }: PrincipalEntry, t: Text): string {
  if (type === 'Service') return t.serviceAssumer(value)
  if (type === 'Federated') return t.federatedAssumer(value)
  if (value === '*') return t.anyone
  const account = /^\d{12}$/.exec(value)?.[0] ?? /^arn:[^:]*:iam::(\d{12}):root$/.exec(value)?.[1]
  return account === undefined ? value : t.otherAccountAssumer(account)
}
