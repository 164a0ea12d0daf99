import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../client/aws.ts'
import { listRoles } from '../client/iam.ts'
import { listProfiles } from '../client/profiles.ts'
import { deleteFunction, functionsWithRoles, instancesWithRoles, type Workload } from '../client/workloads.ts'
import { Dialog } from '../components/dialog.tsx'
import { Machine } from '../components/face.tsx'
import { ListPage } from '../components/list-page.tsx'
import { Mask } from '../components/mask.tsx'
import { useMessages } from '../components/messages.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Change, CreateFunction, Invoke, Launch } from '../components/workload-dialogs.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { workloadsText } from '../text/workloads.ts'

type Asked =
  | { readonly what: 'launch' | 'create' }
  | { readonly what: 'change' | 'invoke' | 'remove'; readonly of: Workload }

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
  const removalOf = ({ kind }: Workload) => (kind === 'function' ? shell.delete : t.terminate)
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
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setAsked({ what: 'create' })}>{t.createFunction}</Button>
            <Button variant="primary" onClick={() => setAsked({ what: 'launch' })}>
              {t.launch}
            </Button>
          </SpaceBetween>
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
                {workload.kind === 'function' && (
                  <Button
                    variant="inline-link"
                    ariaLabel={`${t.invoke} ${workload.id}`}
                    onClick={() => setAsked({ what: 'invoke', of: workload })}
                  >
                    {t.invoke}
                  </Button>
                )}
                <Button
                  variant="inline-link"
                  ariaLabel={`${removalOf(workload)} ${workload.id}`}
                  onClick={() => setAsked({ what: 'remove', of: workload })}
                >
                  {removalOf(workload)}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {asked?.what === 'launch' && <Launch profiles={known} onClose={close} onDone={renew} />}
      {asked?.what === 'change' && (
        <Change workload={asked.of} profiles={known} onClose={close} onDone={renew} />
      )}
      {asked?.what === 'create' && <CreateFunction onClose={close} onDone={renew} />}
      {asked?.what === 'invoke' && <Invoke name={asked.of.id} onClose={close} />}
      {asked?.what === 'remove' && (
        <Dialog
          visible
          title={removalOf(asked.of)}
          submit={removalOf(asked.of)}
          onClose={close}
          onSubmit={async () => {
            if (asked.of.kind === 'function') await deleteFunction(asked.of.id)
            else await query('ec2', 'TerminateInstances', { InstanceId: [asked.of.id] })
            await renew()
            say('success', asked.of.kind === 'function' ? t.functionDeleted : t.terminated)
          }}
        >
          {asked.of.kind === 'function' ? t.deleteSure(asked.of.id) : t.terminateSure(asked.of.id)}
        </Dialog>
      )}
    </>
  )
}
