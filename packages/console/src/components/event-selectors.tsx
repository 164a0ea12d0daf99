import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Multiselect from '@cloudscape-design/components/multiselect'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Textarea from '@cloudscape-design/components/textarea'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { partitionHere } from '../client/aws.ts'
import { type EventSelector, type EventSelectors, getSelectors, putSelectors } from '../client/trails.ts'
import { useText } from '../text/language.ts'
import { trailsText } from '../text/trails.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'

/** The types of data events, and the value that means all of a type. */
const dataTypes = [
  { type: 'AWS::S3::Object', label: 'S3', all: 's3' },
  { type: 'AWS::Lambda::Function', label: 'Lambda', all: 'lambda' },
  { type: 'AWS::DynamoDB::Table', label: 'DynamoDB', all: 'dynamodb' },
] as const

/** Services whose management events can be left out. */
const excludable = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] as const

const plain: EventSelector = {
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: [],
}

/** The one basic selector that the form can show; undefined if there are several, or advanced ones. */
function formOf({ EventSelectors: basic }: EventSelectors): EventSelector | undefined {
  const [first, ...others] = basic ?? []
  return others.length === 0 && first !== undefined ? { ...plain, ...first } : undefined
}

/** Which events a trail delivers. */
export function TrailSelectors({ arn }: { readonly arn: string }) {
  const t = useText(trailsText)
  const [editing, setEditing] = useState(false)
  const selectors = useQuery({
    queryKey: ['trail-selectors', arn],
    queryFn: ({ signal }) => getSelectors(arn, signal),
  })
  const form = selectors.data && formOf(selectors.data)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.selectorsHint}
          actions={
            <Button disabled={selectors.data === undefined} onClick={() => setEditing(true)}>
              {t.editSelectors}
            </Button>
          }
        >
          {t.selectors}
        </Header>
      }
    >
      {selectors.isError && <Failure error={selectors.error} />}
      {selectors.isPending && <Spinner />}
      {form !== undefined && <Shown selector={form} />}
      {selectors.data !== undefined && form === undefined && (
        <pre className="as-json" lang="en">
          {JSON.stringify(selectors.data, null, 2)}
        </pre>
      )}
      {editing && selectors.data !== undefined && (
        <Edit arn={arn} selectors={selectors.data} onClose={() => setEditing(false)} />
      )}
    </Container>
  )
}

function Shown({ selector }: { readonly selector: EventSelector }) {
  const t = useText(trailsText)
  const { IncludeManagementEvents, ReadWriteType, ExcludeManagementEventSources, DataResources } = selector
  return (
    <KeyValuePairs
      columns={2}
      items={[
        {
          label: t.managementEvents,
          value: (
            <>
              <div>{IncludeManagementEvents ? t[ReadWriteType] : t.noEvents}</div>
              {IncludeManagementEvents && ExcludeManagementEventSources.length > 0 && (
                <Box variant="small">{t.without(ExcludeManagementEventSources.join(', '))}</Box>
              )}
            </>
          ),
        },
        {
          label: t.dataEvents,
          value:
            DataResources.length === 0 ? (
              t.noEvents
            ) : (
              <ul className="plain-list">
                {DataResources.map(({ Type, Values }) => (
                  <li key={Type}>
                    <b>{labelOf(Type)}</b>{' '}
                    {isAll(Values) ? t.allOf : <code className="breaks">{Values.join(' ')}</code>}
                  </li>
                ))}
              </ul>
            ),
        },
      ]}
    />
  )
}

function labelOf(type: string): string {
  return dataTypes.find((each) => each.type === type)?.label ?? type
}

/** Whether the values mean all resources of their type. */
function isAll(values: readonly string[]): boolean {
  return values.some((value) => /^arn:aws[a-z-]*:(?:lambda|dynamodb|s3(?::::)?)$/.test(value))
}

interface EditProps {
  readonly arn: string
  readonly selectors: EventSelectors
  readonly onClose: () => void
}

function Edit({ arn, selectors, onClose }: EditProps) {
  const t = useText(trailsText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [selector, setSelector] = useState(formOf(selectors) ?? plain)
  const [text, setText] = useState(() => JSON.stringify(selectors, null, 2))
  const [as, setAs] = useState<string>(formOf(selectors) === undefined ? 'json' : 'form')
  const isReadable = as === 'form' || isJson(text)
  const change = (next: string) => {
    if (next === 'json') setText(JSON.stringify({ EventSelectors: [selector] }, null, 2))
    else {
      const read = isJson(text) ? formOf(JSON.parse(text) as EventSelectors) : undefined // checked by CloudTrail
      if (read === undefined) return
      setSelector(read)
    }
    setAs(next)
  }
  return (
    <Dialog
      visible
      title={t.editSelectors}
      submit={t.saveSelectors}
      size="large"
      disabled={!isReadable}
      onClose={onClose}
      onSubmit={async () => {
        // CloudTrail says what is wrong with it
        const wanted = as === 'form' ? { EventSelectors: [selector] } : (JSON.parse(text) as EventSelectors)
        await putSelectors(arn, wanted)
        await client.invalidateQueries({ queryKey: ['trail-selectors', arn] })
        say('success', t.selectorsSaved)
      }}
    >
      <SegmentedControl
        selectedId={as}
        label={t.editAs}
        options={[
          { id: 'form', text: t.asForm },
          { id: 'json', text: 'JSON' },
        ]}
        onChange={({ detail }) => change(detail.selectedId)}
      />
      {as === 'form' ? (
        <Form selector={selector} onChange={setSelector} />
      ) : (
        <FormField label="JSON" description={t.jsonHint} errorText={isReadable ? '' : t.notJson}>
          <Textarea
            value={text}
            rows={18}
            spellcheck={false}
            onChange={({ detail }) => setText(detail.value)}
          />
        </FormField>
      )}
    </Dialog>
  )
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

interface FormProps {
  readonly selector: EventSelector
  readonly onChange: (selector: EventSelector) => void
}

function Form({ selector, onChange }: FormProps) {
  const t = useText(trailsText)
  const kinds = ['All', 'ReadOnly', 'WriteOnly', 'none'] as const
  const kind = selector.IncludeManagementEvents ? selector.ReadWriteType : 'none'
  const options = kinds.map((value) => ({ value, label: value === 'none' ? t.noEvents : t[value] }))
  return (
    <SpaceBetween size="m">
      <FormField label={t.managementEvents}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === kind) ?? null}
          onChange={({ detail }) => {
            const chosen = kinds.find((each) => each === detail.selectedOption.value) ?? 'All'
            onChange({
              ...selector,
              IncludeManagementEvents: chosen !== 'none',
              ReadWriteType: chosen === 'none' ? 'All' : chosen,
              ...(chosen === 'none' ? { ExcludeManagementEventSources: [] } : {}),
            })
          }}
        />
      </FormField>
      {selector.IncludeManagementEvents && (
        <FormField label={t.leftOut} description={t.leftOutHint}>
          <Multiselect
            options={excludable.map((value) => ({ value, label: value }))}
            selectedOptions={selector.ExcludeManagementEventSources.map((value) => ({ value, label: value }))}
            onChange={({ detail }) =>
              onChange({
                ...selector,
                ExcludeManagementEventSources: detail.selectedOptions.map(({ value = '' }) => value),
              })
            }
          />
        </FormField>
      )}
      <Header variant="h3" description={t.dataHint}>
        {t.dataEvents}
      </Header>
      {dataTypes.map(({ type, label, all }) => (
        <DataEvents
          key={type}
          label={label}
          all={`arn:${partitionHere()}:${all}`}
          values={selector.DataResources.find(({ Type }) => Type === type)?.Values}
          onChange={(Values) =>
            onChange({
              ...selector,
              DataResources: [
                ...selector.DataResources.filter(({ Type }) => Type !== type),
                ...(Values === undefined ? [] : [{ Type: type, Values }]),
              ],
            })
          }
        />
      ))}
    </SpaceBetween>
  )
}

interface DataEventsProps {
  readonly label: string
  readonly all: string
  readonly values: readonly string[] | undefined
  readonly onChange: (values: readonly string[] | undefined) => void
}

/** The data events of one service: none, all, or those of the resources that are named. */
function DataEvents({ label, all, values, onChange }: DataEventsProps) {
  const t = useText(trailsText)
  const chosen = values === undefined ? 'none' : isAll(values) ? 'all' : 'some'
  const options = [
    { value: 'none', label: t.noEvents },
    { value: 'all', label: t.allOf },
    { value: 'some', label: t.someOf },
  ]
  const next: Readonly<Record<string, readonly string[] | undefined>> = {
    none: undefined,
    all: [all],
    some: [],
  }
  return (
    <>
      <FormField label={label}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          onChange={({ detail }) => onChange(next[detail.selectedOption.value ?? 'none'])}
        />
      </FormField>
      {chosen === 'some' && (
        <FormField label={t.arnsOf(label)} description={t.arnsHint}>
          <Textarea
            rows={3}
            spellcheck={false}
            value={(values ?? []).join('\n')}
            onChange={({ detail }) => onChange(detail.value === '' ? [] : detail.value.split('\n'))}
          />
        </FormField>
      )}
    </>
  )
}
