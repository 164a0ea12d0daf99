import type { ServiceRest } from '../client/effective.ts'
import { useText } from '../text/language.ts'
import { roleText } from '../text/role.ts'

/** How many actions of each service are left within a limit: a bar and words. */
export function ServiceBars({ rest }: { readonly rest: readonly ServiceRest[] }) {
  const t = useText(roleText)
  return (
    <ul className="plain-list">
      {rest.map(({ service, granted, effective, takenByRcps = 0 }) => (
        <li key={service} className="rest-row">
          <code>{service}</code>
          <span className="rest-bar" aria-hidden="true">
            <span className="rest-left" style={{ inlineSize: `${(100 * effective) / granted}%` }} />
            <span className="rest-rcp" style={{ inlineSize: `${(100 * takenByRcps) / granted}%` }} />
          </span>
          <span>
            {effective === granted ? t.restAll(granted) : t.restOf(effective, granted)}
            {takenByRcps > 0 && ` · ${t.restRcps(takenByRcps)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
