import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { json } from '../client/aws.ts'
import { getTrail, type Trail, toggleLogging, trailTags, updateTrail } from '../client/trails.ts'
import { Dialog } from '../components/dialog.tsx'
import { TrailSelectors } from '../components/event-selectors.tsx'
import { Failure } from '../components/failure.tsx'
import { useMessages } from '../components/messages.tsx'
import { TagTable } from '../components/tag-table.tsx'
import { Time } from '../components/time.tsx'
import { TrailFields } from '../components/trail-fields.tsx'
import { Delivered, Logging } from '../components/trail-state.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { trailsText } from '../text/trails.ts'

/** One trail: where it delivers, which events, and its tags. */
export default function TrailPage() {
  const { name = '' } = useParams<{ name: string }>()
  const trail = useQuery({ queryKey: ['trail', name], queryFn: ({ signal }) => getTrail(name, signal) })
  if (trail.isError) return <Failure error={trail.error} onRetry={() => void trail.refetch()} />
  if (trail.data === undefined) return <Spinner size="large" />
  return <Details key={trail.data.TrailARN} trail={trail.data} />
}

function Details({ trail }: { readonly trail: Trail }) {
  const t = useText(trailsText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [dialog, setDialog] = useState<'edit' | 'delete'>()
  const renew = async () => {
    await client.invalidateQueries({ queryKey: ['trail'] })
    await client.invalidateQueries({ queryKey: ['trails'] })
  }
  const close = () => setDialog(undefined)
  const { Name, TrailARN, S3BucketName, S3KeyPrefix, status } = trail
  const yesOrNo = (value: boolean) => (value ? t.yes : t.no)
  const timeOf = (seconds: number | undefined) =>
    seconds === undefined ? t.never : <Time iso={new Date(seconds * 1_000).toISOString()} />
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              onClick={() =>
                void toggleLogging(trail).then(renew, (error: unknown) =>
                  say('error', <Failure error={error} />),
                )
              }
            >
              {status.IsLogging ? t.stop : t.start}
            </Button>
            <Button onClick={() => setDialog('edit')}>{t.edit}</Button>
            <Button onClick={() => setDialog('delete')}>{shell.delete}</Button>
          </SpaceBetween>
        }
      >
        {Name}
      </Header>
      <Container header={<Header variant="h2">{t.general}</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: t.logging, value: <Logging status={status} /> },
            {
              label: t.bucket,
              value: S3KeyPrefix === undefined ? S3BucketName : `${S3BucketName}/${S3KeyPrefix}`,
            },
            { label: t.arn, value: <code className="breaks">{TrailARN}</code> },
            { label: t.multiRegion, value: yesOrNo(trail.IsMultiRegionTrail) },
            { label: t.homeRegion, value: trail.HomeRegion },
            { label: t.ofOrganization, value: yesOrNo(trail.IsOrganizationTrail) },
            { label: t.validation, value: yesOrNo(trail.LogFileValidationEnabled) },
            { label: t.delivered, value: <Delivered status={status} /> },
            { label: t.digest, value: timeOf(status.LatestDigestDeliveryTime) },
          ]}
        />
      </Container>
      <TrailSelectors arn={TrailARN} />
      <Tags arn={TrailARN} />
      {dialog === 'edit' && <Edit trail={trail} onClose={close} onDone={renew} />}
      {dialog === 'delete' && (
        <Dialog
          visible
          title={t.deleteTrail}
          submit={shell.delete}
          onClose={close}
          onSubmit={async () => {
            await json('cloudtrail', 'DeleteTrail', { Name: TrailARN })
            await client.invalidateQueries({ queryKey: ['trails'] })
            say('success', t.deleted)
            navigate('/trails')
          }}
        >
          {t.deleteSure(Name)}
        </Dialog>
      )}
    </SpaceBetween>
  )
}

function Edit(props: {
  readonly trail: Trail
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}) {
  const { trail } = props
  const t = useText(trailsText)
  const { say } = useMessages()
  const [settings, setSettings] = useState({
    bucket: trail.S3BucketName,
    prefix: trail.S3KeyPrefix ?? '',
    validation: trail.LogFileValidationEnabled,
  })
  return (
    <Dialog
      visible
      title={t.edit}
      submit={t.saveTrail}
      disabled={settings.bucket === ''}
      onClose={props.onClose}
      onSubmit={async () => {
        await updateTrail(trail.TrailARN, settings)
        await props.onDone()
        say('success', t.saved)
      }}
    >
      <TrailFields value={settings} onChange={setSettings} />
    </Dialog>
  )
}

function Tags({ arn }: { readonly arn: string }) {
  const client = useQueryClient()
  const tags = useQuery({ queryKey: ['trail-tags', arn], queryFn: ({ signal }) => trailTags(arn, signal) })
  if (tags.isError) return <Failure error={tags.error} />
  return (
    <Container>
      <TagTable
        tags={tags.data ?? []}
        change={{
          add: (TagsList) => json('cloudtrail', 'AddTags', { ResourceId: arn, TagsList }),
          remove: (keys) =>
            json('cloudtrail', 'RemoveTags', { ResourceId: arn, TagsList: keys.map((Key) => ({ Key })) }),
        }}
        renew={() => client.invalidateQueries({ queryKey: ['trail-tags', arn] })}
      />
    </Container>
  )
}
