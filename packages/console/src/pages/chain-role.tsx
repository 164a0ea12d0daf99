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
import { useLocation } from 'wouter'
import { partitionHere } from '../client/aws.ts'
import { type Identity, useIdentity } from '../client/identity.ts'
import { useWearableBy } from '../client/room.ts'
import { chainRole, longestChain } from '../client/switching.ts'
import { Failure } from '../components/failure.tsx'
import { PageLink } from '../components/page-link.tsx'
import { RoleField } from '../components/role-field.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { switchRoleText } from '../text/switch-role.ts'

/** Minutes that a chained session may last. */
const durations = [15, 30, 60] as const

/** Chaining: the worn role, not the person, asks for the next role. */
export default function ChainRolePage() {
  const t = useText(switchRoleText)
  const identity = useIdentity()
  if (identity?.role !== undefined) return <ChainForm worn={identity} />
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.chainTitle}</Header>
      <Alert type="info" header={identity?.kind === 'root' ? t.rootTitle : t.chainNone}>
        {identity?.kind === 'root' ? t.rootHint : t.chainNoneHint}{' '}
        <PageLink to="/switchrole">{t.title}</PageLink>
      </Alert>
    </SpaceBetween>
  )
}

function ChainForm({ worn }: { readonly worn: Identity }) {
  const t = useText(switchRoleText)
  const shell = useText(shellText)
  const [, navigate] = useLocation()
  const wearable = useWearableBy(worn)
  const [account, setAccount] = useState(worn.account)
  const [roleName, setRoleName] = useState('')
  const [minutes, setMinutes] = useState<number>(longestChain / 60)
  const [refusal, setRefusal] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const role = worn.role?.name ?? ''
  const submit = async () => {
    setBusy(true)
    setRefusal(undefined)
    try {
      const name = roleName.replace(/^\//, '')
      await chainRole(
        worn,
        name.startsWith('arn:') ? name : `arn:${partitionHere()}:iam::${account}:role/${name}`,
        minutes * 60,
      )
      navigate('/')
    } catch (error) {
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }
  const options = durations.map((each) => ({ value: String(each), label: t.minutes(each) }))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Form
        header={
          <Header variant="h1" description={t.chainHint(role)}>
            {t.chainTitle}
          </Header>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" onClick={() => navigate('/')}>
              {shell.cancel}
            </Button>
            <Button variant="primary" formAction="submit" loading={busy} disabled={roleName === ''}>
              {t.chainSubmit}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {refusal !== undefined && <Failure error={refusal} />}
          <Alert type="info">{t.chainLimit}</Alert>
          <Container>
            <SpaceBetween size="m">
              <FormField label={t.account} description={t.accountHint}>
                <Input value={account} onChange={({ detail }) => setAccount(detail.value)} />
              </FormField>
              <RoleField
                value={roleName}
                onChange={setRoleName}
                roles={account === worn.account ? (wearable.data?.roles ?? []) : []}
                hint={wearable.isError ? t.unknownRoles(role) : t.roleHint}
              />
              <FormField label={t.duration} description={t.durationHint}>
                <Select
                  options={options}
                  selectedOption={options.find(({ value }) => value === String(minutes)) ?? null}
                  onChange={({ detail }) => setMinutes(Number(detail.selectedOption.value))}
                />
              </FormField>
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}
