import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Popover from '@cloudscape-design/components/popover'
import { type Family, genesOf, maskBody } from 'omen-iam/masks'
import { useText } from '../text/language.ts'
import { roleText } from '../text/role.ts'
import { Drawing } from './face.tsx'

/** The family of a mask in a few words, and on demand what its name means. */
export function FamilyWords({ family }: { readonly family: Family }) {
  const t = useText(roleText)
  return (
    <Popover size="large" position="right" header={t.family[family]} content={t.familyWords[family]}>
      {t.family[family]}
    </Popover>
  )
}

const families = [
  'kitsune',
  'tengu',
  'hyottoko',
  'okame',
  'oni',
  'hannya',
] as const satisfies readonly Family[]
/** The drawings of the legend have the features of one id. */
const genes = genesOf('AROAEXAMPLEEXAMPLE7QF', 0)

/** All families: how each looks, and what it means. */
export function Families() {
  const t = useText(roleText)
  return (
    <ExpandableSection headerText={t.families}>
      <dl className="families">
        {families.map((family) => (
          <div key={family}>
            <Drawing body={maskBody(family, genes, 'plain', true)} size={48} />
            <div>
              <dt>{t.family[family]}</dt>
              <dd>{t.familyWords[family]}</dd>
            </div>
          </div>
        ))}
      </dl>
    </ExpandableSection>
  )
}
