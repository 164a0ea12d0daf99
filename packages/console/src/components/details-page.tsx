import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Tabs, { type TabsProps } from '@cloudscape-design/components/tabs'
import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'

/** Shows what a query found, or why it found nothing. */
export function Found<T>(props: {
  readonly query: UseQueryResult<T>
  readonly children: (found: T) => ReactNode
}) {
  const { query } = props
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Spinner size="large" />
  return props.children(query.data)
}

interface DetailsPageProps {
  readonly name: string
  /** Beside the button that deletes. */
  readonly actions?: ReactNode
  readonly factsTitle?: string
  readonly facts: readonly KeyValuePairsProps.Item[]
  readonly tabs?: readonly TabsProps.Tab[]
  readonly deletion: Deletion
  readonly children?: ReactNode
}

interface Deletion {
  readonly title: string
  /** The question beforehand. */
  readonly question: string
  /** The message afterwards. */
  readonly done: string
  readonly run: () => Promise<unknown>
  /** The name of the list that it was in: of its query and of its page. */
  readonly list: string
}

/** A page about one thing: facts, tabs, and what deletes it. */
export function DetailsPage({ name, facts, tabs, deletion, ...rest }: DetailsPageProps) {
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [deleting, setDeleting] = useState(false)
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {rest.actions}
            <Button onClick={() => setDeleting(true)}>{shell.delete}</Button>
          </SpaceBetween>
        }
      >
        <span dir="auto">{name}</span>
      </Header>
      <Container {...(rest.factsTitle && { header: <Header variant="h2">{rest.factsTitle}</Header> })}>
        <KeyValuePairs columns={3} items={facts} />
      </Container>
      {rest.children}
      {tabs !== undefined && <Tabs tabs={tabs} />}
      {deleting && (
        <Dialog
          visible
          title={deletion.title}
          submit={shell.delete}
          onClose={() => setDeleting(false)}
          onSubmit={async () => {
            await deletion.run()
            await client.invalidateQueries({ queryKey: [deletion.list] })
            say('success', deletion.done)
            navigate(`/${deletion.list}`)
          }}
        >
          {deletion.question}
        </Dialog>
      )}
    </SpaceBetween>
  )
}
