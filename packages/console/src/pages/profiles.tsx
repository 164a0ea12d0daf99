import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../client/aws.ts'
import { listRoles } from '../client/iam.ts'
import { deleteProfile, type InstanceProfile, listProfiles, setProfileRole } from '../client/profiles.ts'
import { Dialog } from '../components/dialog.tsx'
import { createdColumn, nameColumn, pathColumn } from '../components/list-columns.tsx'
import { ListPage } from '../components/list-page.tsx'
import { Mask } from '../components/mask.tsx'
import { useMessages } from '../components/messages.tsx'
import { NameDialog } from '../components/name-dialog.tsx'
import { PageLink } from '../components/page-link.tsx'
import { useText } from '../text/language.ts'
import { profilesText } from '../text/profiles.ts'
import { shellText } from '../text/shell.ts'

interface Asked {
  readonly what: 'role' | 'delete'
  readonly profile: InstanceProfile
}

/** Instance profiles, each with the role that it hands to EC2. */
export default function ProfilesPage() {
  const t = useText(profilesText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Asked>()
  const profiles = useQuery({ queryKey: ['profiles'], queryFn: ({ signal }) => listProfiles(signal) })
  const close = () => setAsked(undefined)
  const renew = () => client.invalidateQueries({ queryKey: ['profiles'] })
  return (
    <>
      <ListPage<InstanceProfile>
        title={t.title}
        description={t.description}
        rows={profiles}
        idOf={({ arn }) => arn}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        create={{
          label: t.create,
          dialog: (onClose) => <CreateProfile onClose={onClose} onDone={renew} />,
        }}
        columns={[
          nameColumn(t.name),
          {
            id: 'role',
            header: t.role,
            cell: ({ role }) =>
              role === undefined ? (
                t.noRole
              ) : (
                <span className="with-mask">
                  <Mask role={role} size={24} />
                  <PageLink to={`/roles/${encodeURIComponent(role.name)}`}>{role.name}</PageLink>
                </span>
              ),
          },
          pathColumn(t.path),
          createdColumn(t.createdAt),
          {
            id: 'actions',
            header: shell.actions,
            cell: (profile) => (
              <SpaceBetween direction="horizontal" size="s">
                <Button
                  variant="inline-link"
                  ariaLabel={`${t.setRole} ${profile.name}`}
                  onClick={() => setAsked({ what: 'role', profile })}
                >
                  {t.setRole}
                </Button>
                <Button
                  variant="inline-link"
                  ariaLabel={`${shell.delete} ${profile.name}`}
                  onClick={() => setAsked({ what: 'delete', profile })}
                >
                  {shell.delete}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {asked?.what === 'role' && <ChangeRole profile={asked.profile} onClose={close} onDone={renew} />}
      {asked?.what === 'delete' && (
        <Dialog
          visible
          title={t.deleteProfile}
          submit={shell.delete}
          onClose={close}
          onSubmit={async () => {
            await deleteProfile(asked.profile)
            await renew()
            say('success', t.deleted)
          }}
        >
          {t.deleteSure(asked.profile.name)}
        </Dialog>
      )}
    </>
  )
}

interface ChangeProps {
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

function CreateProfile({ onClose, onDone }: ChangeProps) {
  const t = useText(profilesText)
  const [role, setRole] = useState('')
  return (
    <NameDialog
      title={t.create}
      label={t.name}
      done={t.created}
      onClose={onClose}
      onCreate={async (name) => {
        await query('iam', 'CreateInstanceProfile', { InstanceProfileName: name })
        if (role !== '')
          await query('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: role })
        await onDone()
      }}
    >
      <RoleChoice value={role} onChange={setRole} />
    </NameDialog>
  )
}

function ChangeRole({ profile, onClose, onDone }: ChangeProps & { readonly profile: InstanceProfile }) {
  const t = useText(profilesText)
  const { say } = useMessages()
  const [role, setRole] = useState(profile.role?.name ?? '')
  return (
    <Dialog
      visible
      title={t.setRole}
      submit={t.setRole}
      disabled={role === (profile.role?.name ?? '')}
      onClose={onClose}
      onSubmit={async () => {
        await setProfileRole(profile, role)
        await onDone()
        say('success', t.saved)
      }}
    >
      <RoleChoice value={role} onChange={setRole} />
    </Dialog>
  )
}

function RoleChoice(props: { readonly value: string; readonly onChange: (name: string) => void }) {
  const t = useText(profilesText)
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  const options = [
    { value: '', label: t.noRole },
    ...(roles.data ?? []).map(({ name }) => ({ value: name, label: name })),
  ]
  return (
    <FormField label={t.role}>
      <Select
        options={options}
        statusType={roles.isPending ? 'loading' : 'finished'}
        filteringType="auto"
        virtualScroll
        selectedOption={options.find(({ value }) => value === props.value) ?? { value: props.value }}
        onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  )
}
