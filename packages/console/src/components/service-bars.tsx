import Box from '@cloudscape-design/components/box'
import { otherServices, type Rest, restLimits } from '../client/effective.ts'
import { useText } from '../text/language.ts'
import { roleText } from '../text/role.ts'

/**
 * How many actions of each service are left within a limit: a bar and words, and what the count leaves out.
 * @param none what is shown if no policy allows anything
 */
export function ServiceBars({ rest, none }: { readonly rest: Rest; readonly none: string }) {
  const t = useText(roleText)
  const { rows, uncounted } = rest
  const words = (service: string, granted: number, effective: number) => {
    if (service === otherServices) return effective === granted ? t.restEvery : t.restNoAction
    return effective === granted ? t.restAll(granted) : t.restOf(effective, granted)
  }
  return (
    <>
      {rows.length === 0 && uncounted.length === 0 && <Box color="text-status-inactive">{none}</Box>}
      <ul className="plain-list">
        {rows.map(({ service, granted, effective, takenByRcps = 0 }) => (
          <li key={service} className="rest-row">
            {service === otherServices ? (
              <span>{rows.length === 1 ? t.restEveryService : t.restOtherServices}</span>
            ) : (
              <code>{service}</code>
            )}
            <span className="rest-bar" aria-hidden="true">
              <span className="rest-left" style={{ inlineSize: `${(100 * effective) / granted}%` }} />
              <span className="rest-rcp" style={{ inlineSize: `${(100 * takenByRcps) / granted}%` }} />
            </span>
            <span>
              {words(service, granted, effective)}
              {takenByRcps > 0 && ` · ${t.restRcps(takenByRcps)}`}
            </span>
          </li>
        ))}
      </ul>
      {uncounted.map((which) => (
        <Box key={which} color="text-status-warning">
          {t.restUncounted[which](restLimits)}
        </Box>
      ))}
    </>
  )
}
