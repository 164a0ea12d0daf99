import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { identities, type SwitchFields, useIdentity } from '../client/identity.ts'
import { useWearable } from '../client/room.ts'
import { useSwitchCheck } from '../client/switching.ts'
import { colorStyle } from '../components/color.ts'
import { useMessages } from '../components/messages.tsx'
import { RoleField } from '../components/role-field.tsx'
import { SwitchHistoryList } from '../components/switch-history.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { switchRoleText } from '../text/switch-role.ts'

/** AWS's five colours of the switch-role link. */
const colors = [
  { name: 'red', value: 'F2B0A9' },
  { name: 'orange', value: 'FBBF93' },
  { name: 'yellow', value: 'FAD791' },
  { name: 'green', value: 'B7CA9D' },
  { name: 'blue', value: '99BCE3' },
] as const

/** Switch role, in AWS's fields and words; its deep links fill them. */
export default function SwitchRolePage() {
  const t = useText(switchRoleText)
  const shell = useText(shellText)
  const identity = useIdentity()
  const { say } = useMessages()
  const [, navigate] = useLocation()
  const asked = new URLSearchParams(useSearch())
  const [fields, setFields] = useState({
    account: asked.get('account') ?? identity?.switchedFrom?.account ?? identity?.account ?? '',
    roleName: asked.get('roleName') ?? '',
    displayName: asked.get('displayName') ?? '',
    color: (asked.get('color') ?? '').replace(/^#/, '').toUpperCase(),
    hatched: asked.get('hatched') === 'yes',
  })
  const [refusal, setRefusal] = useState('')
  const [busy, setBusy] = useState(false)
  const original = identity?.switchedFrom?.name ?? identity?.name ?? ''
  const set = (name: 'account' | 'displayName') => (event: { detail: { value: string } }) =>
    setFields({ ...fields, [name]: event.detail.value })
  const wearable = useWearable()
  const isOwnAccount = fields.account === (identity?.switchedFrom?.account ?? identity?.account)

  if (identity?.kind === 'root')
    return (
      <SpaceBetween size="l">
        <Header variant="h1">{t.title}</Header>
        <Alert type="info" header={t.rootTitle}>
          {t.rootHint}
        </Alert>
      </SpaceBetween>
    )

  const submit = async (asked: SwitchFields = fields) => {
    setBusy(true)
    setRefusal('')
    try {
      const { isFirst } = await identities.switchRole(asked)
      if (isFirst) say('info', t.once)
      navigate('/')
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }

  const options = [
    { value: '', label: t.none },
    ...colors.map(({ name, value }) => ({ value, label: t[name] })),
  ]
  return (
    <SpaceBetween size="l">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Form
          header={
            <Header variant="h1" description={t.authorisedAs(original)}>
              {t.title}
            </Header>
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" onClick={() => navigate('/')}>
                {shell.cancel}
              </Button>
              <Button variant="primary" formAction="submit" loading={busy}>
                {t.submit}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            {refusal !== '' && (
              <Alert type="error">
                <span lang="en">{refusal}</span>
              </Alert>
            )}
            <Container>
              <SpaceBetween size="m">
                <FormField label={t.account} description={t.accountHint}>
                  <Input value={fields.account} onChange={set('account')} />
                </FormField>
                <RoleField
                  value={fields.roleName}
                  onChange={(roleName) => setFields({ ...fields, roleName })}
                  roles={isOwnAccount ? (wearable.data?.roles ?? []) : []}
                  hint={t.roleHint}
                />
                <Check account={fields.account} roleName={fields.roleName} name={original} />
                <FormField label={t.displayName} description={t.displayNameHint}>
                  <Input value={fields.displayName} onChange={set('displayName')} placeholder={t.optional} />
                </FormField>
                <FormField label={t.color}>
                  <Select
                    options={options}
                    selectedOption={options.find(({ value }) => value === fields.color) ?? options[0] ?? null}
                    onChange={({ detail }) =>
                      setFields({ ...fields, color: detail.selectedOption.value ?? '' })
                    }
                  />
                </FormField>
                <Checkbox
                  checked={fields.hatched}
                  onChange={({ detail }) => setFields({ ...fields, hatched: detail.checked })}
                >
                  {t.hatch}
                </Checkbox>
                <div
                  className={`role-line ${fields.hatched ? 'is-hatched' : ''}`}
                  style={colorStyle(fields.color)}
                  role="img"
                  aria-label={t.look}
                />
                <CopyToClipboard
                  variant="inline"
                  textToCopy={linkTo(fields)}
                  textToDisplay={t.link}
                  copySuccessText={t.linkCopied}
                  copyErrorText={t.link}
                  copyButtonAriaLabel={t.link}
                />
              </SpaceBetween>
            </Container>
          </SpaceBetween>
        </Form>
      </form>
      <SwitchHistoryList name={original} onSwitch={(entry) => void submit(entry)} />
    </SpaceBetween>
  )
}

/** What would happen, before the switch. */
function Check({ account, roleName, name }: { account: string; roleName: string; name: string }) {
  const t = useText(switchRoleText)
  const settled = useSettled(`${account}\n${roleName}`)
  const [asked = '', role = ''] = settled.split('\n')
  const { data, isFetching } = useSwitchCheck(asked, role)
  return (
    <FormField label={t.check}>
      <div role="status">
        {isFetching ? (
          <StatusIndicator type="loading">{t.checking}</StatusIndicator>
        ) : data === undefined ? (
          <StatusIndicator type="pending">{t.checkHint}</StatusIndicator>
        ) : data.allowed ? (
          <StatusIndicator type="success">{t.mayWear(name)}</StatusIndicator>
        ) : (
          <>
            <StatusIndicator type="warning">
              {data.needsMfa ? t.needsMfa(name) : t.mayNotWear(name)}
            </StatusIndicator>
            <div className="as-sent" lang="en" dir="auto">
              {data.why}
            </div>
          </>
        )}
      </div>
    </FormField>
  )
}

/** A value that has not changed for a moment: nothing is asked for each key that is pressed. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 300)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/** The address that fills the form, as AWS's own links do. */
function linkTo({ hatched, ...fields }: SwitchFields): string {
  const named = Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const query = new URLSearchParams([...named, ...(hatched ? [['hatched', 'yes']] : [])])
  return `${location.origin}/switchrole?${query}`
}
