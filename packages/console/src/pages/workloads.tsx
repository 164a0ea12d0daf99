import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../client/aws.ts'
import { listRoles } from '../client/iam.ts'
import { type InstanceProfile, listProfiles } from '../client/profiles.ts'
import {
  functionsWithRoles,
  instancesWithRoles,
  launchInstance,
  setFunctionRole,
  setInstanceProfile,
  type Workload,
} from '../client/workloads.ts'
import { Dialog } from '../components/dialog.tsx'
import { Machine } from '../components/face.tsx'
import { ListPage } from '../components/list-page.tsx'
import { Mask } from '../components/mask.tsx'
import { useMessages } from '../components/messages.tsx'
import { PageLink } from '../components/page-link.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { workloadsText } from '../text/workloads.ts'

type Asked = { readonly what: 'launch' } | { readonly what: 'change' | 'terminate'; readonly of: Workload }

/** Instances and functions, as far as they wear roles. */
export default function WorkloadsPage() {
  const t = useText(workloadsText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Asked>()
  const profiles = useQuery({ queryKey: ['profiles'], queryFn: ({ signal }) => listProfiles(signal) })
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  const known = profiles.data ?? []
  const workloads = useQuery({
    queryKey: ['workloads', known],
    queryFn: async ({ signal }) => [
      ...(await instancesWithRoles(known, signal)),
      ...(await functionsWithRoles(signal)),
    ],
    enabled: !profiles.isPending,
  })
  const idOf = new Map(roles.data?.map(({ name, id }) => [name, id]))
  const close = () => setAsked(undefined)
  const renew = async () => {
    await client.invalidateQueries({ queryKey: ['workloads'] })
    await client.invalidateQueries({ queryKey: ['machines'] })
  }
  return (
    <>
      <ListPage<Workload>
        title={t.title}
        description={t.description}
        rows={workloads}
        idOf={({ kind, id }) => `${kind} ${id}`}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        actions={
          <Button variant="primary" onClick={() => setAsked({ what: 'launch' })}>
            {t.launch}
          </Button>
        }
        columns={[
          {
            id: 'id',
            header: t.name,
            sortingField: 'id',
            isRowHeader: true,
            cell: ({ kind, id, title }) => (
              <span className="with-mask">
                <Machine kind={kind} size={32} />
                <span>
                  {id} <small dir="auto">{title}</small>
                </span>
              </span>
            ),
          },
          {
            id: 'kind',
            header: t.kind,
            sortingField: 'kind',
            cell: ({ kind }) => (kind === 'instance' ? t.instance : t.function),
          },
          { id: 'state', header: t.state, sortingField: 'state', cell: ({ state }) => state },
          {
            id: 'role',
            header: t.role,
            sortingField: 'role',
            cell: ({ role, profile }) =>
              role === undefined ? (
                (profile?.slice(profile.lastIndexOf('/') + 1) ?? t.noRole)
              ) : (
                <span className="with-mask">
                  <Mask role={{ name: role, id: idOf.get(role) ?? role }} size={24} />
                  <PageLink to={`/roles/${encodeURIComponent(role)}`}>{role}</PageLink>
                </span>
              ),
          },
          {
            id: 'actions',
            header: shell.actions,
            cell: (workload) => (
              <SpaceBetween direction="horizontal" size="s">
                <Button
                  variant="inline-link"
                  ariaLabel={`${t.change} ${workload.id}`}
                  onClick={() => setAsked({ what: 'change', of: workload })}
                >
                  {t.change}
                </Button>
                {workload.kind === 'instance' && (
                  <Button
                    variant="inline-link"
                    ariaLabel={`${t.terminate} ${workload.id}`}
                    onClick={() => setAsked({ what: 'terminate', of: workload })}
                  >
                    {t.terminate}
                  </Button>
                )}
              </SpaceBetween>
            ),
          },
        ]}
      />
      {asked?.what === 'launch' && <Launch profiles={known} onClose={close} onDone={renew} />}
      {asked?.what === 'change' && (
        <Change workload={asked.of} profiles={known} onClose={close} onDone={renew} />
      )}
      {asked?.what === 'terminate' && (
        <Dialog
          visible
          title={t.terminate}
          submit={t.terminate}
          onClose={close}
          onSubmit={async () => {
            await query('ec2', 'TerminateInstances', { InstanceId: [asked.of.id] })
            await renew()
            say('success', t.terminated)
          }}
        >
          {t.terminateSure(asked.of.id)}
        </Dialog>
      )}
    </>
  )
}

interface ChangeProps {
  readonly profiles: readonly InstanceProfile[]
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

function Launch({ profiles, onClose, onDone }: ChangeProps) {
  const t = useText(workloadsText)
  const { say } = useMessages()
  const [profile, setProfile] = useState('')
  return (
    <Dialog
      visible
      title={t.launch}
      submit={t.launch}
      onClose={onClose}
      onSubmit={async () => {
        await launchInstance(profile)
        await onDone()
        say('success', t.launched)
      }}
    >
      <ProfileChoice profiles={profiles} value={profile} onChange={setProfile} hint={t.launchHint} />
    </Dialog>
  )
}

function Change({ workload, profiles, onClose, onDone }: ChangeProps & { readonly workload: Workload }) {
  const t = useText(workloadsText)
  const { say } = useMessages()
  const before =
    workload.kind === 'function'
      ? (workload.role ?? '')
      : (workload.profile?.slice(workload.profile.lastIndexOf('/') + 1) ?? '')
  const [chosen, setChosen] = useState(before)
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal) })
  return (
    <Dialog
      visible
      title={t.change}
      submit={t.change}
      disabled={chosen === before}
      onClose={onClose}
      onSubmit={async () => {
        if (workload.kind === 'instance') await setInstanceProfile(workload, chosen)
        else {
          const arn = roles.data?.find(({ name }) => name === chosen)?.arn ?? chosen
          await setFunctionRole(workload.id, arn)
        }
        await onDone()
        say('success', t.changed)
      }}
    >
      {workload.kind === 'instance' ? (
        <ProfileChoice profiles={profiles} value={chosen} onChange={setChosen} hint="" />
      ) : (
        <FormField label={t.role}>
          <Select
            options={(roles.data ?? []).map(({ name }) => ({ value: name }))}
            filteringType="auto"
            virtualScroll
            selectedOption={{ value: chosen }}
            onChange={({ detail }) => setChosen(detail.selectedOption.value ?? '')}
          />
        </FormField>
      )}
    </Dialog>
  )
}

function ProfileChoice(props: {
  readonly profiles: readonly InstanceProfile[]
  readonly value: string
  readonly onChange: (name: string) => void
  readonly hint: string
}) {
  const t = useText(workloadsText)
  const options = [
    { value: '', label: t.noProfile, description: '' },
    ...props.profiles.map(({ name, role }) => ({
      value: name,
      label: name,
      description: role?.name ?? t.noRole,
    })),
  ]
  return (
    <FormField label={t.profile} description={props.hint}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === props.value) ?? { value: props.value }}
        onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  )
}
