import Alert from '@cloudscape-design/components/alert'
import Checkbox from '@cloudscape-design/components/checkbox'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { identities, type SwitchFields, useIdentity } from '../client/identity.ts'
import { useWearable } from '../client/room.ts'
import { useSwitchCheck } from '../client/switching.ts'
import { colorStyle } from '../components/color.ts'
import { Failure } from '../components/failure.tsx'
import { useMessages } from '../components/messages.tsx'
import { RoleForm } from '../components/role-form.tsx'
import { SwitchHistoryList } from '../components/switch-history.tsx'
import { useText } from '../text/language.ts'
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
  const original = identity?.switchedFrom?.name ?? identity?.name ?? ''
  const set = (part: Partial<typeof fields>) => setFields({ ...fields, ...part })
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

  const switchTo = async (asked: SwitchFields) => {
    const { isFirst } = await identities.switchRole(asked)
    if (isFirst) say('info', t.once)
  }
  const again = (entry: SwitchFields) =>
    void switchTo(entry).then(
      () => navigate('/'),
      (error: unknown) => say('error', <Failure error={error} />),
    )

  const options = [
    { value: '', label: t.none },
    ...colors.map(({ name, value }) => ({ value, label: t[name] })),
  ]
  return (
    <SpaceBetween size="l">
      <RoleForm
        title={t.title}
        description={t.authorisedAs(original)}
        submit={t.submit}
        account={fields.account}
        roleName={fields.roleName}
        onAccount={(account) => set({ account })}
        onRoleName={(roleName) => set({ roleName })}
        roles={isOwnAccount ? (wearable.data?.roles ?? []) : []}
        roleHint={t.roleHint}
        asker={original}
        useCheck={useSwitchCheck}
        onSubmit={() => switchTo(fields)}
      >
        <FormField label={t.displayName} description={t.displayNameHint}>
          <Input
            value={fields.displayName}
            onChange={({ detail }) => set({ displayName: detail.value })}
            placeholder={t.optional}
          />
        </FormField>
        <FormField label={t.color}>
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === fields.color) ?? options[0] ?? null}
            onChange={({ detail }) => set({ color: detail.selectedOption.value ?? '' })}
          />
        </FormField>
        <Checkbox checked={fields.hatched} onChange={({ detail }) => set({ hatched: detail.checked })}>
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
      </RoleForm>
      <SwitchHistoryList name={original} onSwitch={again} />
    </SpaceBetween>
  )
}

/** The address that fills the form, as AWS's own links do. */
function linkTo({ hatched, ...fields }: SwitchFields): string {
  const named = Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const query = new URLSearchParams([...named, ...(hatched ? [['hatched', 'yes']] : [])])
  return `${location.origin}/switchrole?${query}`
}
