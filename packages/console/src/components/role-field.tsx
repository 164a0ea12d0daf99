import Autosuggest from '@cloudscape-design/components/autosuggest'
import FormField from '@cloudscape-design/components/form-field'
import type { WearableRole } from '../client/room.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { switchRoleText } from '../text/switch-role.ts'

interface RoleFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  /** Roles of the account; those that cannot be assumed are not suggested. */
  readonly roles: readonly WearableRole[]
  readonly hint: string
}

/** The name of a role, with the roles that one can wear as suggestions. */
export function RoleField({ value, onChange, roles, hint }: RoleFieldProps) {
  const t = useText(switchRoleText)
  const shell = useText(shellText)
  const options = roles
    .filter(({ allowed }) => allowed)
    .map(({ path, name }) => ({ value: `${path}${name}`.slice(1) }))
  return (
    <FormField label={t.role} description={hint}>
      <Autosuggest
        value={value}
        onChange={({ detail }) => onChange(detail.value)}
        options={options.length === 0 ? [] : [{ label: t.suggestions, options }]}
        enteredTextLabel={(text) => `${t.useName}${text}`}
        empty={shell.noMatch}
        virtualScroll={options.length > 100}
      />
    </FormField>
  )
}
