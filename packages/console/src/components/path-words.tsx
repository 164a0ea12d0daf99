import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import {
  administrator,
  type Fact,
  type Incomplete,
  type Path,
  type Reached,
  type Residual,
  type Step,
  shortName,
  useWatchState,
  type Verdict,
} from '../client/graph.ts'
import { useText } from '../text/language.ts'
import { fulfilling, pathsText } from '../text/paths.ts'

const types: Readonly<Record<Verdict, StatusIndicatorProps.Type>> = {
  proven: 'warning',
  conditional: 'info',
  undecided: 'pending',
  blocked: 'stopped',
  none: 'success',
}

/** How sure a path is, in a sign and a word. */
export function VerdictSign({ verdict }: { readonly verdict: Verdict }) {
  const t = useText(pathsText)
  return <StatusIndicator type={types[verdict]}>{t.verdict[verdict]}</StatusIndicator>
}

/** A principal in words: what is outside of the accounts in view by what it is. */
export function usePrincipalName(): (reached: Pick<Reached, 'principal' | 'kind'>) => string {
  const t = useText(pathsText)
  return ({ principal, kind }) => {
    if (kind === undefined) return shortName(principal)
    const name =
      kind === 'account'
        ? (/\d{12}/.exec(principal)?.[0] ?? principal)
        : kind === 'federated'
          ? principal.slice(principal.indexOf('/') + 1)
          : principal
    const words: Readonly<Record<string, ((name: string) => string) | undefined>> = t.outside
    return words[kind]?.(name) ?? name
  }
}

/** A technique in words: AWS's names stay, what is around them is in the language of the page. */
export function useTechniqueName(): (label: string) => string {
  const t = useText(pathsText)
  return (label) => {
    if (label === administrator) return t.itself
    const service = /^PassRole to (.+)$/.exec(label)?.[1]
    return service === undefined ? label : t.passed(service)
  }
}

/** Says that a search ended early, and what that means. */
export function EndedEarly({ incomplete }: { readonly incomplete: Incomplete | undefined }) {
  const t = useText(pathsText)
  if (incomplete === undefined) return null
  return <Alert type="warning">{t.endedEarly(incomplete.maxSteps, incomplete.principals)}</Alert>
}

/** The most principals that are named in one line. */
const mostNames = 8

/** Names in one line what only derived techniques lead to: no such path is shown otherwise. */
export function OnlyDerived({ names = [] }: { readonly names: readonly string[] | undefined }) {
  const t = useText(pathsText)
  if (names.length === 0) return null
  const shown = names.slice(0, mostNames)
  return (
    <Box color="text-status-inactive">{t.onlyDerived(shown.join(', '), names.length - shown.length)}</Box>
  )
}

/** Says what is not watched of new paths to an administrator; nothing if all is. */
export function WatchNotice() {
  const t = useText(pathsText)
  const { data } = useWatchState()
  if (data === undefined || data.watched === 'off') return null
  const { watched, principals, mostPrincipals, unknown, refuses } = data
  if (watched === 'no')
    return (
      <Alert type="warning" header={t.notWatched}>
        {t.notWatchedWhy(principals, mostPrincipals)} {refuses && t.notRefused}
      </Alert>
    )
  if (unknown > 0)
    return (
      <Alert type="warning" header={t.partlyWatched}>
        {t.unknownPaths(unknown)}
      </Alert>
    )
  if (watched === 'alone') return <Alert type="info">{t.watchedAlone}</Alert>
  return null
}

/** The steps of a path in one line: who, how, whom. */
export function PathLine({ path }: { readonly path: Path }) {
  const t = useText(pathsText)
  const inWords = useTechniqueName()
  const steps = path.steps.filter(({ technique }) => technique !== administrator)
  if (steps.length === 0) return <>{t.itself}</>
  return (
    <ol className="path-line" lang="en" dir="auto">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one path never move
        <li key={index}>
          {shortName(step.from)} <span className="path-how">{inWords(step.label)}</span> {shortName(step.to)}
          {othersOf(step).length > 0 && ` (${t.together(othersOf(step))})`}
        </li>
      ))}
    </ol>
  )
}

/** The other principals that make calls of a step. */
function othersOf({ requests }: Step): readonly string[] {
  return [...new Set(requests.flatMap(({ by }) => (by === undefined ? [] : [shortName(by)])))]
}

/** Facts that no file has and that a verdict waits for, each with the command that reads it. */
export function MissingFacts({ facts }: { readonly facts: readonly Fact[] }) {
  const t = useText(pathsText)
  if (facts.length === 0) return null
  return (
    <section>
      <Box variant="h4">{t.missing}</Box>
      <ul className="plain-list">
        {facts.map((fact) => (
          <li key={fact.fact + fact.value} dir="auto">
            {fact.value} <ReadBy fact={fact} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** How a missing fact is read, with the space after it; nothing of one that is known. */
export function ReadBy({ fact: { readBy, isUnreadable } }: { readonly fact: Fact }) {
  const t = useText(pathsText)
  if (readBy === undefined && isUnreadable !== true) return null
  return (
    <>
      {readBy === undefined ? (
        <Box variant="small" display="inline">
          ({t.unreadable})
        </Box>
      ) : (
        <code lang="en">{readBy}</code>
      )}{' '}
    </>
  )
}

/** Conditions that are left, and who could fulfil each. */
export function Conditions({ residual }: { readonly residual: readonly Residual[] }) {
  const t = useText(pathsText)
  return (
    <ul className="plain-list">
      {residual.map(({ operator, key, values, mustHold }) => (
        <li key={operator + key + values.join()}>
          <code lang="en">
            {operator} {key} {values.join(', ')}
          </code>
          {mustHold ? '' : ` (${t.mustNot})`}: {t.whoFulfils[fulfilling(key)]}
        </li>
      ))}
    </ul>
  )
}
