import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import type { TrailSettings } from '../client/trails.ts'
import { useText } from '../text/language.ts'
import { trailsText } from '../text/trails.ts'

interface TrailFieldsProps {
  readonly value: TrailSettings
  readonly onChange: (value: TrailSettings) => void
}

/** Where a trail delivers, and whether it writes digests. */
export function TrailFields({ value, onChange }: TrailFieldsProps) {
  const t = useText(trailsText)
  const set = (part: Partial<TrailSettings>) => onChange({ ...value, ...part })
  return (
    <>
      <FormField label={t.bucket}>
        <Input
          value={value.bucket}
          onChange={({ detail }) => set({ bucket: detail.value })}
          spellcheck={false}
        />
      </FormField>
      <FormField label={t.prefix}>
        <Input
          value={value.prefix}
          placeholder={t.optional}
          onChange={({ detail }) => set({ prefix: detail.value })}
          spellcheck={false}
        />
      </FormField>
      <Checkbox
        checked={value.validation}
        description={t.validationHint}
        onChange={({ detail }) => set({ validation: detail.checked })}
      >
        {t.validation}
      </Checkbox>
    </>
  )
}
