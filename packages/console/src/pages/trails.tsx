import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { json } from '../client/aws.ts'
import { Dialog } from '../components/dialog.tsx'
import { Failure } from '../components/failure.tsx'
import { ListPage } from '../components/list-page.tsx'
import { useMessages } from '../components/messages.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { trailsText } from '../text/trails.ts'

interface Described {
  readonly Name: string
  readonly TrailARN: string
  readonly S3BucketName: string
  readonly S3KeyPrefix?: string
  readonly IsMultiRegionTrail: boolean
  readonly LogFileValidationEnabled: boolean
}

interface Status {
  readonly IsLogging: boolean
  /** Seconds since the epoch. */
  readonly LatestDeliveryTime?: number
  readonly LatestDeliveryError?: string
}

interface Trail extends Described {
  readonly status: Status
}

async function listTrails(signal: AbortSignal): Promise<readonly Trail[]> {
  const { trailList } = await json<{ trailList: readonly Described[] }>(
    'cloudtrail',
    'DescribeTrails',
    {},
    { signal },
  )
  return Promise.all(
    trailList.map(async (trail) => ({
      ...trail,
      status: await json<Status>('cloudtrail', 'GetTrailStatus', { Name: trail.TrailARN }, { signal }),
    })),
  )
}

/** The trails of the account. */
export default function TrailsPage() {
  const t = useText(trailsText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [asked, setAsked] = useState<'create' | Trail>()
  const trails = useQuery({ queryKey: ['trails'], queryFn: ({ signal }) => listTrails(signal) })
  const renew = () => client.invalidateQueries({ queryKey: ['trails'] })
  const close = () => setAsked(undefined)
  const toggle = ({ TrailARN, status }: Trail) =>
    json('cloudtrail', status.IsLogging ? 'StopLogging' : 'StartLogging', { Name: TrailARN }).then(
      renew,
      (error: unknown) => say('error', <Failure error={error} />),
    )
  return (
    <>
      <ListPage<Trail>
        title={t.title}
        description={t.description}
        rows={trails}
        idOf={({ TrailARN }) => TrailARN}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        actions={
          <Button variant="primary" onClick={() => setAsked('create')}>
            {t.create}
          </Button>
        }
        columns={[
          {
            id: 'name',
            header: t.name,
            sortingField: 'Name',
            isRowHeader: true,
            cell: ({ Name }) => Name,
          },
          {
            id: 'logging',
            header: t.logging,
            cell: ({ status }) => (
              <StatusIndicator type={status.IsLogging ? 'success' : 'stopped'}>
                {status.IsLogging ? t.on : t.off}
              </StatusIndicator>
            ),
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
            cell: ({ status: { LatestDeliveryTime, LatestDeliveryError } }) =>
              LatestDeliveryError !== undefined && LatestDeliveryError !== '' ? (
                <StatusIndicator type="error">{`${t.failure}: ${LatestDeliveryError}`}</StatusIndicator>
              ) : LatestDeliveryTime === undefined ? (
                t.never
              ) : (
                <Time iso={new Date(LatestDeliveryTime * 1_000).toISOString()} />
              ),
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
      {asked === 'create' && <CreateTrail onClose={close} onDone={renew} />}
      {typeof asked === 'object' && (
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
  const { say } = useMessages()
  const [name, setName] = useState('')
  const [bucket, setBucket] = useState('')
  const [prefix, setPrefix] = useState('')
  const [validation, setValidation] = useState(true)
  return (
    <Dialog
      visible
      title={t.create}
      submit={t.create}
      disabled={name === '' || bucket === ''}
      onClose={props.onClose}
      onSubmit={async () => {
        await json('cloudtrail', 'CreateTrail', {
          Name: name,
          S3BucketName: bucket,
          ...(prefix === '' ? {} : { S3KeyPrefix: prefix }),
          IsMultiRegionTrail: true,
          EnableLogFileValidation: validation,
        })
        await json('cloudtrail', 'StartLogging', { Name: name })
        await props.onDone()
        say('success', t.created)
      }}
    >
      <FormField label={t.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
      <FormField label={t.bucket}>
        <Input value={bucket} onChange={({ detail }) => setBucket(detail.value)} spellcheck={false} />
      </FormField>
      <FormField label={t.prefix}>
        <Input
          value={prefix}
          placeholder={t.optional}
          onChange={({ detail }) => setPrefix(detail.value)}
          spellcheck={false}
        />
      </FormField>
      <Checkbox
        checked={validation}
        description={t.validationHint}
        onChange={({ detail }) => setValidation(detail.checked)}
      >
        {t.validation}
      </Checkbox>
    </Dialog>
  )
}
