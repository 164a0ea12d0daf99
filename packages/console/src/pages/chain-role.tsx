import Alert from '@cloudscape-design/components/alert'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { type Identity, useIdentity } from '../client/identity.ts'
import { useWearableBy } from '../client/room.ts'
import { chainRole, longestChain, useChainCheck } from '../client/switching.ts'
import { PageLink } from '../components/page-link.tsx'
import { RoleForm } from '../components/role-form.tsx'
import { useText } from '../text/language.ts'
import { switchRoleText } from '../text/switch-role.ts'

/** Minutes that a chained session may last. */
const durations = [15, 30, 60] as const

/** Chaining: the assumed role, not the person, asks for the next role. */
export default function ChainRolePage() {
  const t = useText(switchRoleText)
  const identity = useIdentity()
  if (identity?.role !== undefined) return <ChainForm assumed={identity} />
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

function ChainForm({ assumed }: { readonly assumed: Identity }) {
  const t = useText(switchRoleText)
  const wearable = useWearableBy(assumed)
  const [account, setAccount] = useState(assumed.account)
  const [roleName, setRoleName] = useState('')
  const [minutes, setMinutes] = useState<number>(longestChain / 60)
  const role = assumed.role?.name ?? ''
  const options = durations.map((each) => ({ value: String(each), label: t.minutes(each) }))
  return (
    <RoleForm
      title={t.chainTitle}
      description={t.chainHint(role)}
      submit={t.chainSubmit}
      account={account}
      roleName={roleName}
      onAccount={setAccount}
      onRoleName={setRoleName}
      roles={account === assumed.account ? (wearable.data?.roles ?? []) : []}
      roleHint={wearable.isError ? t.unknownRoles(role) : t.roleHint}
      asker={role}
      useCheck={useChainCheck}
      onSubmit={() => chainRole(assumed, account, roleName.replace(/^\//, ''), minutes * 60)}
      notice={<Alert type="info">{t.chainLimit}</Alert>}
    >
      <FormField label={t.duration} description={t.durationHint}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === String(minutes)) ?? null}
          onChange={({ detail }) => setMinutes(Number(detail.selectedOption.value))}
        />
      </FormField>
    </RoleForm>
  )
}
