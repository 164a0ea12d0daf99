import Alert from '@cloudscape-design/components/alert'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { shortName } from '../client/graph.ts'
import { type Happening, type NewPath, useHappenings } from '../client/happenings.ts'
import { useMachines, useSessions, useWearable } from '../client/room.ts'
import { Arrow } from '../components/house-frame.tsx'
import { Machines, Shelf, Sts, You } from '../components/house-inside.tsx'
import { Avatars, Houses, Refusals } from '../components/house-outside.tsx'
import { Twin } from '../components/house-table.tsx'
import { PageLink } from '../components/page-link.tsx'
import { WatchNotice } from '../components/path-words.tsx'
import { homeText } from '../text/home.ts'
import { useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'

/** The picture of the house: who wears which mask, and how a mask comes to be worn. */
export default function HomePage() {
  const t = useText(homeText)
  const wearable = useWearable()
  const sessions = useSessions()
  const machines = useMachines()
  const happenings = useHappenings()
  const [open, setOpen] = useState(false)
  const roles = wearable.data?.roles ?? []
  const latest = happenings.data?.latest
  const pulse = (kind: Happening['kind']) => (latest?.kind === kind ? latest.id : undefined)
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.description}
        actions={<PageLink to="/learn">{t.practice}</PageLink>}
      >
        {t.title}
      </Header>
      <NewPaths paths={happenings.data?.paths ?? []} />
      <WatchNotice />
      <div>
        <p className="house-latest" role="status" dir="auto">
          {latest !== undefined && sentenceOf(latest, t)}
        </p>
        <div className="house">
          <You />
          <Arrow kind="assume" label={t.assumeRole} note={t.callOfItsOwn} pulse={pulse('assume')} />
          <Sts pulse={pulse('refusal')} />
          <Arrow kind="credentials" label={t.credentials} pulse={pulse('assume')} />
          <Avatars sessions={sessions.data} failed={sessions.isError} />
          <Shelf roles={roles} failed={wearable.isError} loaded={wearable.data !== undefined} />
          <Arrow kind="pass" label={t.passRole} note={t.permissionAsked} pulse={pulse('pass')} />
          <Machines machines={machines.data} failed={machines.isError} />
          <Arrow kind="service" label={`${t.service}: ${t.assumeRole}`} pulse={pulse('pass')} />
          <Houses roles={roles} />
          <Refusals refusals={happenings.data?.refusals ?? []} failed={happenings.isError} />
        </div>
      </div>
      <ExpandableSection
        headerText={t.table}
        expanded={open}
        onChange={({ detail }) => setOpen(detail.expanded)}
      >
        {open && <Twin roles={roles} sessions={sessions.data ?? []} machines={machines.data ?? []} />}
      </ExpandableSection>
    </SpaceBetween>
  )
}

/** The principals that can become an administrator since a change. */
function NewPaths({ paths }: { readonly paths: readonly NewPath[] }) {
  const t = useText(pathsText)
  if (paths.length === 0) return null
  return (
    <Alert type="warning" header={t.newPaths}>
      <ul className="plain-list">
        {paths.map(({ id, who }) => (
          <li key={id}>
            {t.newPath(shortName(who))}{' '}
            <PageLink to={`/paths?from=${encodeURIComponent(shortName(who))}`}>{t.openPaths}</PageLink>
          </li>
        ))}
      </ul>
    </Alert>
  )
}

function sentenceOf({ kind, who, what }: Happening, t: (typeof homeText)['en']): string {
  return { assume: t.putOn, exit: t.tookOff, pass: t.launched, refusal: t.refused }[kind](who, what)
}
