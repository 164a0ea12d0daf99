import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import TextFilter from '@cloudscape-design/components/text-filter'
import { useState } from 'react'
import { useWearable } from '../client/room.ts'
import { type SwitchEntry, useHistoryChange, useSwitchHistory } from '../client/switching.ts'
import { useText } from '../text/language.ts'
import { switchRoleText } from '../text/switch-role.ts'
import { colorStyle } from './color.ts'
import { Mask } from './mask.tsx'
import { Time } from './time.tsx'

/** Entries that are shown before one asks for all. */
const few = 5

/** The roles that one switched to: pinned ones first, each with whether it can be assumed now. */
export function SwitchHistoryList(props: {
  readonly onSwitch: (entry: SwitchEntry) => void
  readonly name: string
}) {
  const t = useText(switchRoleText)
  const { data: entries = [] } = useSwitchHistory()
  const change = useHistoryChange()
  const [all, setAll] = useState(false)
  const [text, setText] = useState('')
  const found = entries.filter((entry) =>
    `${entry.displayName ?? ''} ${entry.roleName} ${entry.account}`
      .toLowerCase()
      .includes(text.toLowerCase()),
  )
  const shown = all || text !== '' ? found : found.slice(0, few)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.historyHint}
          actions={
            entries.length > 0 && (
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => download(entries)}>{t.export}</Button>
                <Button onClick={() => void change('clear')}>{t.clear}</Button>
              </SpaceBetween>
            )
          }
        >
          {t.history}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {entries.length > few && (
          <TextFilter
            filteringText={text}
            filteringAriaLabel={t.find}
            filteringPlaceholder={t.find}
            onChange={({ detail }) => setText(detail.filteringText)}
          />
        )}
        {entries.length === 0 ? (
          <Box color="text-status-inactive">{t.noHistory}</Box>
        ) : (
          <ul className="switch-history">
            {shown.map((entry) => (
              <Entry key={`${entry.account}/${entry.roleName}`} entry={entry} {...props} change={change} />
            ))}
          </ul>
        )}
        {shown.length < found.length && <Button onClick={() => setAll(true)}>{t.all(found.length)}</Button>}
      </SpaceBetween>
    </Container>
  )
}

function Entry(props: {
  readonly entry: SwitchEntry
  readonly name: string
  readonly onSwitch: (entry: SwitchEntry) => void
  readonly change: ReturnType<typeof useHistoryChange>
}) {
  const t = useText(switchRoleText)
  const { entry, change, name } = props
  const { check } = entry
  const { data } = useWearable()
  const role = data?.roles.find(({ path, name }) => `${path}${name}`.slice(1) === entry.roleName)
  const label = entry.displayName ?? entry.roleName
  const pin = entry.pinned === true ? 'unpin' : 'pin'
  return (
    <li>
      <span className={`role-color ${entry.hatched ? 'is-hatched' : ''}`} style={colorStyle(entry.color)} />
      {role !== undefined && <Mask role={role} size={32} />}
      <div className="switch-history-what">
        <strong dir="auto">{label}</strong>{' '}
        <span dir="auto">
          {entry.roleName} @ {entry.account}
        </span>
        <small>
          {t.last} <Time iso={entry.at} />
        </small>
        {!check.allowed && (
          <StatusIndicator type="warning">
            {check.needsMfa ? t.needsMfa(name) : t.mayNotWear(name)}{' '}
            <span lang="en" dir="auto">
              {check.why}
            </span>
          </StatusIndicator>
        )}
      </div>
      <SpaceBetween direction="horizontal" size="xxs">
        <Button
          ariaLabel={t.switchTo(label)}
          disabled={!check.allowed}
          disabledReason={check.why ?? ''}
          onClick={() => props.onSwitch(entry)}
        >
          {t.submit}
        </Button>
        <Button
          variant="icon"
          iconName={entry.pinned ? 'star-filled' : 'star'}
          ariaLabel={pin === 'pin' ? t.pin(label) : t.unpin(label)}
          onClick={() => void change(pin, entry)}
        />
        <Button
          variant="icon"
          iconName="close"
          ariaLabel={t.remove(label)}
          onClick={() => void change('remove', entry)}
        />
      </SpaceBetween>
    </li>
  )
}

function download(entries: readonly SwitchEntry[]): void {
  const kept = entries.map(({ check: _, ...entry }) => entry)
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(kept, undefined, 2)], { type: 'application/json' }),
  )
  const link = Object.assign(document.createElement('a'), { href: url, download: 'switch-history.json' })
  link.click()
  URL.revokeObjectURL(url)
}
