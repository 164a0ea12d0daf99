import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import { json } from '../client/aws.ts'
import { getTrail, type Trail, toggleLogging, trailTags, updateTrail } from '../client/trails.ts'
import { DetailsPage, Found } from '../components/details-page.tsx'
import { Dialog } from '../components/dialog.tsx'
import { TrailSelectors } from '../components/event-selectors.tsx'
import { Failure } from '../components/failure.tsx'
import { useMessages } from '../components/messages.tsx'
import { TagTable } from '../components/tag-table.tsx'
import { Time } from '../components/time.tsx'
import { TrailFields } from '../components/trail-fields.tsx'
import { Delivered, Logging } from '../components/trail-state.tsx'
import { useText } from '../text/language.ts'
import { trailsText } from '../text/trails.ts'

/** One trail: where it delivers, which events, and its tags. */
export default function TrailPage() {
  const { name = '' } = useParams<{ name: string }>()
  const trail = useQuery({ queryKey: ['trail', name], queryFn: ({ signal }) => getTrail(name, signal) })
  return <Found query={trail}>{(found) => <Details key={found.TrailARN} trail={found} />}</Found>
}

function Details({ trail }: { readonly trail: Trail }) {
  const t = useText(trailsText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [editing, setEditing] = useState(false)
  const renew = async () => {
    await client.invalidateQueries({ queryKey: ['trail'] })
    await client.invalidateQueries({ queryKey: ['trails'] })
  }
  const toggle = () =>
    toggleLogging(trail).then(renew, (error: unknown) => say('error', <Failure error={error} />))
  const { Name, TrailARN, S3BucketName, S3KeyPrefix, status } = trail
  const yesOrNo = (value: boolean) => (value ? t.yes : t.no)
  const digest = status.LatestDigestDeliveryTime
  return (
    <DetailsPage
      name={Name}
      factsTitle={t.general}
      facts={[
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
        {
          label: t.digest,
          value: digest === undefined ? t.never : <Time iso={new Date(digest * 1_000).toISOString()} />,
        },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void toggle()}>{status.IsLogging ? t.stop : t.start}</Button>
          <Button onClick={() => setEditing(true)}>{t.edit}</Button>
        </SpaceBetween>
      }
      deletion={{
        title: t.deleteTrail,
        question: t.deleteSure(Name),
        done: t.deleted,
        run: () => json('cloudtrail', 'DeleteTrail', { Name: TrailARN }),
        list: 'trails',
      }}
    >
      <TrailSelectors arn={TrailARN} />
      <Tags arn={TrailARN} />
      {editing && <Edit trail={trail} onClose={() => setEditing(false)} onDone={renew} />}
    </DetailsPage>
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
