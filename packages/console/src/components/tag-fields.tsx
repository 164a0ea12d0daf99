import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Input from '@cloudscape-design/components/input'
import type { Tag } from '../client/query-protocol.ts'
import { useText } from '../text/language.ts'
import { newRoleText } from '../text/new-role.ts'

/** Tags as they are typed: rows of key and value. */
export function TagFields(props: {
  readonly tags: readonly Tag[]
  readonly onChange: (tags: readonly Tag[]) => void
}) {
  const t = useText(newRoleText)
  const { tags, onChange } = props
  const set = (index: number, change: Partial<Tag>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...change } : tag)))
  return (
    <AttributeEditor
      items={tags}
      addButtonText={t.addTag}
      removeButtonText={t.remove}
      removeButtonAriaLabel={({ key }) => `${t.remove} ${key}`}
      empty={t.noTags}
      disableAddButton={tags.length >= 50}
      onAddButtonClick={() => onChange([...tags, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: t.tagKey,
          control: ({ key }, index) => (
            <Input
              value={key}
              ariaLabel={t.tagKey}
              onChange={({ detail }) => set(index, { key: detail.value })}
            />
          ),
        },
        {
          label: t.tagValue,
          control: ({ value }, index) => (
            <Input
              value={value}
              ariaLabel={t.tagValue}
              onChange={({ detail }) => set(index, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  )
}
