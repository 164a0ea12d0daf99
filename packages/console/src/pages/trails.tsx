import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { json } from '../client/aws.ts'
import { createTrail, listTrails, type Trail, toggleLogging } from '../client/trails.ts'
import { Dialog } from '../components/dialog.tsx'
import { Failure } from '../components/failure.tsx'
import { ListPage } from '../components/list-page.tsx'
import { useMessages } from '../components/messages.tsx'
import { NameDialog } from '../components/name-dialog.tsx'
import { PageLink } from '../components/page-link.tsx'
import { TrailFields } from '../components/trail-fields.tsx'
import { Delivered, Logging } from '../components/trail-state.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { trailsText } from '../text/trails.ts'

/** The trails of the account. */
export default function TrailsPage() {
  const t = useText(trailsText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Trail>()
  const trails = useQuery({ queryKey: ['trails'], queryFn: ({ signal }) => listTrails(signal) })
  const renew = () => client.invalidateQueries({ queryKey: ['trails'] })
  const close = () => setAsked(undefined)
  const toggle = (trail: Trail) =>
    toggleLogging(trail).then(renew, (error: unknown) => say('error', <Failure error={error} />))
  return (
    <>
      <ListPage<Trail>
        title={t.title}
        description={t.description}
        rows={trails}
        idOf={({ TrailARN }) => TrailARN}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        create={{ label: t.create, dialog: (onClose) => <CreateTrail onClose={onClose} onDone={renew} /> }}
        columns={[
          {
            id: 'name',
            header: t.name,
            sortingField: 'Name',
            isRowHeader: true,
            cell: ({ Name }) => <PageLink to={`/trails/${encodeURIComponent(Name)}`}>{Name}</PageLink>,
          },
          {
            id: 'logging',
            header: t.logging,
            cell: ({ status }) => <Logging status={status} />,
          },
          {
            id: 'bucket',
            header: t.bucket,
            sortingField: 'S3BucketName',
            cell: ({ S3BucketName, S3KeyPrefix }) =>
              S3KeyPrefix === undefined ? S3BucketName : `${S3BucketName}/${S3KeyPrefix}`,
          },
          {
            id: 'validation',
            header: t.validation,
            cell: ({ LogFileValidationEnabled }) => (LogFileValidationEnabled ? t.yes : t.no),
          },
          {
            id: 'delivered',
            header: t.delivered,
            cell: ({ status }) => <Delivered status={status} />,
          },
          {
            id: 'actions',
            header: shell.actions,
            cell: (trail) => (
              <SpaceBetween direction="horizontal" size="s">
                <Button variant="inline-link" onClick={() => void toggle(trail)}>
                  {trail.status.IsLogging ? t.stop : t.start}
                </Button>
                <Button
                  variant="inline-link"
                  ariaLabel={`${shell.delete} ${trail.Name}`}
                  onClick={() => setAsked(trail)}
                >
                  {shell.delete}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {asked !== undefined && (
        <Dialog
          visible
          title={t.deleteTrail}
          submit={shell.delete}
          onClose={close}
          onSubmit={async () => {
            await json('cloudtrail', 'DeleteTrail', { Name: asked.TrailARN })
            await renew()
            say('success', t.deleted)
          }}
        >
          {t.deleteSure(asked.Name)}
        </Dialog>
      )}
    </>
  )
}

function CreateTrail(props: { readonly onClose: () => void; readonly onDone: () => Promise<void> }) {
  const t = useText(trailsText)
  const [settings, setSettings] = useState({ bucket: '', prefix: '', validation: true })
  return (
    <NameDialog
      title={t.create}
      label={t.name}
      done={t.created}
      disabled={settings.bucket === ''}
      onClose={props.onClose}
      onCreate={async (name) => {
        await createTrail(name, settings)
        await props.onDone()
      }}
    >
      <TrailFields value={settings} onChange={setSettings} />
    </NameDialog>
  )
}
