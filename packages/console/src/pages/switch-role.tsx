import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { identities, useIdentity } from '../client/identity.ts'
import { useMessages } from '../components/messages.tsx'
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
  })
  const [refusal, setRefusal] = useState('')
  const [busy, setBusy] = useState(false)
  const original = identity?.switchedFrom?.name ?? identity?.name ?? ''
  const set = (name: keyof typeof fields) => (event: { detail: { value: string } }) =>
    setFields({ ...fields, [name]: event.detail.value })

  if (identity?.kind === 'root')
    return (
      <SpaceBetween size="l">
        <Header variant="h1">{t.title}</Header>
        <Alert type="info" header={t.rootTitle}>
          {t.rootHint}
        </Alert>
      </SpaceBetween>
    )

  const submit = async () => {
    setBusy(true)
    setRefusal('')
    try {
      await identities.switchRole(fields)
      if (localStorage.getItem('omen.switched') === null) {
        localStorage.setItem('omen.switched', 'yes')
        say('info', t.once)
      }
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
              <FormField label={t.role} description={t.roleHint}>
                <Input value={fields.roleName} onChange={set('roleName')} />
              </FormField>
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
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}
