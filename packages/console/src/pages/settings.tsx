import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import {
  accountAlias,
  defaultPasswordPolicy,
  type PasswordPolicy,
  passwordPolicy,
  savePasswordPolicy,
} from '../client/account-settings.ts'
import { chooseAppearance, useAppearance } from '../client/appearance.ts'
import { query } from '../client/aws.ts'
import { useIdentity } from '../client/identity.ts'
import { useServer } from '../client/server.ts'
import { chooseSingleKeys, useSingleKeys } from '../client/shortcuts.ts'
import { Dialog } from '../components/dialog.tsx'
import { Failure } from '../components/failure.tsx'
import { chooseInitials, useInitials } from '../components/mask.tsx'
import { useMessages } from '../components/messages.tsx'
import { language, useLanguage, useText } from '../text/language.ts'
import { settingsText } from '../text/settings.ts'
import { shellText } from '../text/shell.ts'

/** The account's alias and password policy, and how the console looks in this browser. */
export default function SettingsPage() {
  const t = useText(settingsText)
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.title}</Header>
      <ConsoleSettings />
      <Alias />
      <Passwords />
      <Server />
    </SpaceBetween>
  )
}

function ConsoleSettings() {
  const t = useText(settingsText)
  const current = useLanguage()
  const appearance = useAppearance()
  const initials = useInitials()
  const singleKeys = useSingleKeys()
  return (
    <Container
      header={
        <Header variant="h2" description={t.consoleHint}>
          {t.console}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label={<span id="language-label">{t.language}</span>}>
          <SegmentedControl
            ariaLabelledby="language-label"
            selectedId={current}
            options={[
              { id: 'en', text: 'English' },
              { id: 'ja', text: '日本語' },
            ]}
            onChange={({ detail }) => language.choose(detail.selectedId === 'ja' ? 'ja' : 'en')}
          />
        </FormField>
        <FormField label={<span id="appearance-label">{t.appearance}</span>}>
          <SegmentedControl
            ariaLabelledby="appearance-label"
            selectedId={appearance}
            options={[
              { id: 'light', text: t.light },
              { id: 'dark', text: t.dark },
            ]}
            onChange={({ detail }) => chooseAppearance(detail.selectedId === 'dark' ? 'dark' : 'light')}
          />
        </FormField>
        <Toggle checked={initials} onChange={({ detail }) => chooseInitials(detail.checked)}>
          {t.initials}
        </Toggle>
        <Toggle
          checked={singleKeys}
          description={t.shortcutsHint}
          onChange={({ detail }) => chooseSingleKeys(detail.checked)}
        >
          {t.shortcuts}
        </Toggle>
      </SpaceBetween>
    </Container>
  )
}

function Alias() {
  const t = useText(settingsText)
  const identity = useIdentity()
  const { say } = useMessages()
  const client = useQueryClient()
  const [typed, setTyped] = useState<string>()
  const alias = useQuery({
    queryKey: ['alias'],
    queryFn: async ({ signal }) => (await accountAlias(signal)) ?? '',
  })
  const renew = async () => {
    await client.invalidateQueries({ queryKey: ['alias'] })
    say('success', t.aliasSaved)
  }
  const remove = () =>
    query('iam', 'DeleteAccountAlias', { AccountAlias: alias.data }).then(renew, (error: unknown) =>
      say('error', <Failure error={error} />),
    )
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {alias.data !== undefined && alias.data !== '' && (
                <Button onClick={() => void remove()}>{t.removeAlias}</Button>
              )}
              <Button onClick={() => setTyped(alias.data ?? '')}>{t.setAlias}</Button>
            </SpaceBetween>
          }
        >
          {t.account}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={2}
          items={[
            { label: t.accountId, value: <code>{identity?.account}</code> },
            { label: t.alias, value: alias.data === '' ? t.noAlias : (alias.data ?? '—') },
          ]}
        />
        {alias.isError && <Failure error={alias.error} />}
      </SpaceBetween>
      {typed !== undefined && (
        <Dialog
          visible
          title={t.setAlias}
          submit={t.setAlias}
          disabled={typed === ''}
          onClose={() => setTyped(undefined)}
          onSubmit={async () => {
            await query('iam', 'CreateAccountAlias', { AccountAlias: typed })
            await renew()
          }}
        >
          <FormField label={t.alias} description={t.aliasHint}>
            <Input
              value={typed}
              onChange={({ detail }) => setTyped(detail.value)}
              autoFocus
              spellcheck={false}
            />
          </FormField>
        </Dialog>
      )}
    </Container>
  )
}

const switches = [
  ['RequireSymbols', 'symbols'],
  ['RequireNumbers', 'numbers'],
  ['RequireUppercaseCharacters', 'uppercase'],
  ['RequireLowercaseCharacters', 'lowercase'],
  ['AllowUsersToChangePassword', 'change'],
  ['HardExpiry', 'hard'],
] as const
const counts = [
  ['MinimumPasswordLength', 'minimum', undefined],
  ['MaxPasswordAge', 'maxAge', 'maxAgeHint'],
  ['PasswordReusePrevention', 'reuse', 'reuseHint'],
] as const

function Passwords() {
  const t = useText(settingsText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [edited, setEdited] = useState<PasswordPolicy>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const policy = useQuery({
    queryKey: ['password-policy'],
    queryFn: async ({ signal }) => (await passwordPolicy(signal)) ?? null,
  })
  const shown = edited ?? policy.data ?? defaultPasswordPolicy
  const run = async (change: () => Promise<unknown>, done: string) => {
    setBusy(true)
    setError(undefined)
    try {
      await change()
      setEdited(undefined)
      await client.invalidateQueries({ queryKey: ['password-policy'] })
      say('success', done)
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.passwordsHint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {policy.data !== null && policy.data !== undefined && (
                <Button
                  onClick={() => void run(() => query('iam', 'DeleteAccountPasswordPolicy'), t.policyDeleted)}
                >
                  {t.usePolicyDefault}
                </Button>
              )}
              <Button
                variant="primary"
                loading={busy}
                disabled={edited === undefined}
                onClick={() => void run(() => savePasswordPolicy(shown), t.policySaved)}
              >
                {t.savePolicy}
              </Button>
            </SpaceBetween>
          }
        >
          {t.passwords}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {error !== undefined && <Failure error={error} />}
        {policy.isError && <Failure error={policy.error} />}
        {policy.data === null && <Box>{t.noPolicy}</Box>}
        {counts.map(([name, label, hint]) => (
          <FormField key={name} label={t[label]} description={hint === undefined ? '' : t[hint]}>
            <Input
              type="number"
              value={String(shown[name])}
              onChange={({ detail }) => setEdited({ ...shown, [name]: Number(detail.value) })}
            />
          </FormField>
        ))}
        {switches.map(([name, label]) => (
          <Checkbox
            key={name}
            checked={shown[name]}
            onChange={({ detail }) => setEdited({ ...shown, [name]: detail.checked })}
          >
            {t[label]}
          </Checkbox>
        ))}
      </SpaceBetween>
    </Container>
  )
}

function Server() {
  const t = useText(settingsText)
  const shell = useText(shellText)
  const { data } = useServer()
  if (data === undefined) return null
  const mode = { enforce: shell.modeEnforce, audit: shell.modeAudit, off: shell.modeOff }[data.mode]
  return (
    <Container header={<Header variant="h2">{t.server}</Header>}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: t.version, value: data.version },
          { label: t.mode, value: mode },
        ]}
      />
    </Container>
  )
}
