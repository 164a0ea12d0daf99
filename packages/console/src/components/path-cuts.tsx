import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { lazy, Suspense, useState } from 'react'
import { type Cut, type Edit, type Ends, shortName, useCuts } from '../client/graph.ts'
import { useLanguage, useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'
import { shellText } from '../text/shell.ts'
import { Failure } from './failure.tsx'
import { EndedEarly, MissingFacts } from './path-words.tsx'

const PolicyCompare = lazy(() => import('./policy-compare.tsx'))

/** Permissions that a cut takes away and that are named. */
const mostTaken = 8

/** The smallest edits that end paths, each with what it takes away. Nothing is changed. */
export function PathCuts({ ends }: { readonly ends: Ends }) {
  const t = useText(pathsText)
  const shell = useText(shellText)
  const cuts = useCuts(ends, useLanguage())
  if (cuts.isError) return <Failure error={cuts.error} />
  if (cuts.data === undefined) return <Spinner aria-label={shell.loading} />
  const { incomplete, verdict } = cuts.data
  const known = verdict === 'undecided' ? t.verdict.undecided : t.noPathLeft
  const noPath = incomplete === undefined ? known : t.nothingYet
  return (
    <section>
      <Header
        variant="h3"
        description={cuts.data.cuts.length === 0 ? undefined : cuts.data.isMinimal ? t.minimal : t.noProof}
      >
        {t.breaking}
      </Header>
      <EndedEarly incomplete={incomplete} />
      {cuts.data.cuts.length === 0 && <Box>{cuts.data.paths > 0 ? t.noCut : noPath}</Box>}
      <MissingFacts facts={cuts.data.missing ?? []} />
      {cuts.data.problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
      <ol className="ways">
        {cuts.data.cuts.map((cut, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cuts have no name and never move
          <li key={index}>
            <CutView cut={cut} isSure={cuts.data.incomplete === undefined} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function CutView({ cut, isSure }: { readonly cut: Cut; readonly isSure: boolean }) {
  const t = useText(pathsText)
  return (
    <SpaceBetween size="xs">
      {cut.edits.map((edit) => (
        <EditView key={edit.text} edit={edit} />
      ))}
      <Box variant="small">
        {t.cost(cut.cost)}.{' '}
        {isSure && cut.verdictAfter !== 'undecided' ? t.pathsAfter(cut.pathsAfter) : t.pathsAfterUnknown}{' '}
        {t.takesAway(cut.takesAway.length)}
      </Box>
      {cut.verdictAfter === 'undecided' && <MissingFacts facts={cut.missing} />}
      {cut.takesAway.length > 0 && (
        <ul className="plain-list">
          {cut.takesAway.slice(0, mostTaken).map(({ principal, action, resource }) => (
            <li key={principal + action + resource} lang="en" dir="auto">
              {shortName(principal)}: {action} {resource}
            </li>
          ))}
        </ul>
      )}
    </SpaceBetween>
  )
}

function EditView({ edit }: { readonly edit: Edit }) {
  const t = useText(pathsText)
  const [open, setOpen] = useState(false)
  const { text, seen, before, after } = edit
  return (
    <div>
      <span dir="auto">{text}</span>{' '}
      <Box variant="small" display="inline">
        ({t.seen(seen.calls)})
      </Box>{' '}
      {before !== undefined && after !== undefined && (
        <Button ariaLabel={t.previewOf(text)} ariaExpanded={open} onClick={() => setOpen(!open)}>
          {t.preview}
        </Button>
      )}
      {before !== undefined && after === undefined && (
        <Box variant="small" display="inline">
          {t.deleted}
        </Box>
      )}
      {open && before !== undefined && after !== undefined && (
        <Suspense fallback={<Spinner />}>
          <PolicyCompare
            before={laidOut(before)}
            after={laidOut(after)}
            beforeLabel={t.before}
            afterLabel={t.after}
          />
        </Suspense>
      )}
    </div>
  )
}

/** A document in the same layout, so that only what differs is marked. */
function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}
