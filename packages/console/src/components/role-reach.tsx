import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import { administrator, type Reached, shortName, useReach } from '../client/graph.ts'
import { useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'
import { Failure } from './failure.tsx'
import { PageLink } from './page-link.tsx'
import {
  Conditions,
  EndedEarly,
  OnlyDerived,
  usePrincipalName,
  useTechniqueName,
  VerdictSign,
} from './path-words.tsx'

/** The principals that can come to wear a role, directly or by steps. */
export function RoleComers({ name }: { readonly name: string }) {
  const t = useText(pathsText)
  const comers = useReach(`role/${name}`, 'to')
  return (
    <Reach
      title={t.comers}
      hint={t.comersHint}
      empty={t.nobody}
      column={t.who}
      answer={comers}
      pathOf={({ principal }) => ({ from: shortName(principal), to: `role/${name}` })}
    />
  )
}

/** The things that a principal that runs code with a role can become. */
export function RoleGains({ name }: { readonly name: string }) {
  const t = useText(pathsText)
  const gains = useReach(`role/${name}`, 'from')
  return (
    <Reach
      title={t.gained}
      hint={t.gainedHint}
      empty={t.gainsNothing}
      column={t.becomes}
      answer={gains}
      pathOf={({ principal, isAdministrator }) => ({
        from: `role/${name}`,
        to: isAdministrator ? administrator : shortName(principal),
      })}
    />
  )
}

interface ReachProps {
  readonly title: string
  readonly hint: string
  readonly empty: string
  readonly column: string
  readonly answer: ReturnType<typeof useReach>
  readonly pathOf: (reached: Reached) => { readonly from: string; readonly to: string }
}

function Reach({ title, hint, empty, column, answer, pathOf }: ReachProps) {
  const t = useText(pathsText)
  const nameOf = usePrincipalName()
  const inWords = useTechniqueName()
  return (
    <>
      {answer.isError && <Failure error={answer.error} />}
      {!answer.isError && <EndedEarly incomplete={answer.data?.incomplete} />}
      {!answer.isError && <OnlyDerived names={answer.data?.onlyDerived} />}
      {!answer.isError && (
        <Table
          variant="embedded"
          header={
            <Header variant="h2" description={hint}>
              {title}
            </Header>
          }
          loading={answer.isPending}
          items={[...(answer.data?.reached ?? [])]}
          trackBy="principal"
          wrapLines
          empty={
            <Box color="text-status-inactive">
              {answer.data?.incomplete === undefined ? empty : t.nothingYet}
            </Box>
          }
          columnDefinitions={[
            {
              id: 'who',
              header: column,
              isRowHeader: true,
              minWidth: 180,
              cell: (reached) => (
                <span>
                  {reached.type === 'outside' ? (
                    nameOf(reached)
                  ) : (
                    <PageLink to={`/${reached.type}s/${encodeURIComponent(reached.name)}`}>
                      {shortName(reached.principal)}
                    </PageLink>
                  )}
                  {reached.isAdministrator && ` (${t.isAdministrator})`}
                </span>
              ),
            },
            {
              id: 'verdict',
              header: t.verdictColumn,
              minWidth: 150,
              cell: ({ verdict }) => <VerdictSign verdict={verdict} />,
            },
            {
              id: 'steps',
              header: t.steps,
              minWidth: 260,
              cell: ({ steps, labels, residual = [] }) => (
                <>
                  {steps}
                  {residual.length > 0 && <Conditions residual={residual} />}
                  {labels.length > 0 && (
                    <span lang="en" dir="auto">
                      {': '}
                      {labels.map(inWords).join(', ')}
                    </span>
                  )}
                </>
              ),
            },
            {
              id: 'paths',
              header: t.path,
              minWidth: 150,
              cell: (reached) => {
                const { from, to } = pathOf(reached)
                return (
                  <PageLink to={`/paths?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`}>
                    {t.openPaths}
                    <span className="visually-hidden">: {`${from} → ${to}`}</span>
                  </PageLink>
                )
              },
            },
          ]}
        />
      )}
    </>
  )
}
