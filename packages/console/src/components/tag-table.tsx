import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import { query } from '../client/aws.ts'
import type { Tag } from '../client/query-protocol.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { tagsText } from '../text/tags.ts'
import { Dialog } from './dialog.tsx'
import { useMessages } from './messages.tsx'
import { TagFields } from './tag-fields.tsx'

/** How the tags of a resource are changed. */
interface TagChange {
  readonly add: (tags: readonly { readonly Key: string; readonly Value: string }[]) => Promise<unknown>
  readonly remove: (keys: readonly string[]) => Promise<unknown>
}

interface TagTableProps {
  readonly tags: readonly Tag[]
  readonly change: TagChange
  readonly renew: () => Promise<void>
}

interface IamTagTableProps {
  readonly tags: readonly Tag[]
  /** As IAM's operations name it: TagRole, UntagRole. */
  readonly kind: 'Role' | 'User' | 'Policy' | 'InstanceProfile' | 'OpenIDConnectProvider' | 'SAMLProvider'
  /** The members that name the resource in a call. */
  readonly who: Readonly<Record<string, string>>
  readonly renew: () => Promise<void>
}

/** The tags of an IAM resource, and what changes them. */
export function IamTagTable({ kind, who, ...rest }: IamTagTableProps) {
  const change: TagChange = {
    add: (Tags) => query('iam', `Tag${kind}`, { ...who, Tags }),
    remove: (TagKeys) => query('iam', `Untag${kind}`, { ...who, TagKeys }),
  }
  return <TagTable {...rest} change={change} />
}

/** The tags of a resource, and what changes them. */
export function TagTable({ tags, change, renew }: TagTableProps) {
  const t = useText(tagsText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const [edited, setEdited] = useState<readonly Tag[]>()
  const save = async (wanted: readonly Tag[]) => {
    const gone = tags.filter(({ key }) => !wanted.some((tag) => tag.key === key)).map(({ key }) => key)
    const changed = wanted.filter(
      ({ key, value }) => !tags.some((tag) => tag.key === key && tag.value === value),
    )
    if (gone.length > 0) await change.remove(gone)
    if (changed.length > 0) await change.add(changed.map(({ key, value }) => ({ Key: key, Value: value })))
    await renew()
    say('success', t.saved)
  }
  return (
    <>
      <Table
        variant="embedded"
        items={tags}
        trackBy="key"
        empty={<Box color="text-status-inactive">{t.none}</Box>}
        header={
          <Header variant="h2" actions={<Button onClick={() => setEdited(tags)}>{t.edit}</Button>}>
            {t.title}
          </Header>
        }
        columnDefinitions={[
          { id: 'key', header: t.key, isRowHeader: true, cell: ({ key }) => <span dir="auto">{key}</span> },
          { id: 'value', header: t.value, cell: ({ value }) => <span dir="auto">{value}</span> },
        ]}
      />
      {edited !== undefined && (
        <Dialog
          visible
          title={t.edit}
          submit={shell.save}
          onClose={() => setEdited(undefined)}
          onSubmit={() => save(edited)}
        >
          <TagFields tags={edited} onChange={setEdited} />
        </Dialog>
      )}
    </>
  )
}
