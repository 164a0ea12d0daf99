import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { type Ends, exported, exportForms } from '../client/graph.ts'
import { useLanguage, useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'

/** The picture as a file, in each form that the API has. */
export function Exports({ ends }: { readonly ends: Ends }) {
  const t = useText(pathsText)
  const language = useLanguage()
  const { say } = useMessages()
  const take = async (form: (typeof exportForms)[number]) => {
    try {
      const url = URL.createObjectURL(await exported(ends, form, language))
      const link = Object.assign(document.createElement('a'), {
        href: url,
        download: `paths.${endings[form]}`,
      })
      link.click()
      URL.revokeObjectURL(url)
    } catch (error) {
      say('error', <Failure error={error} />)
    }
  }
  return (
    <ButtonDropdown
      items={exportForms.map((form) => ({ id: form, text: names[form] }))}
      onItemClick={({ detail }) => {
        const form = exportForms.find((each) => each === detail.id)
        if (form !== undefined) void take(form)
      }}
    >
      {t.exportAs}
    </ButtonDropdown>
  )
}

const endings = {
  svg: 'svg',
  dot: 'dot',
  mermaid: 'mmd',
  graphml: 'graphml',
  opengraph: 'opengraph.json',
  json: 'json',
} as const
const names = {
  svg: 'SVG',
  dot: 'Graphviz DOT',
  mermaid: 'Mermaid',
  graphml: 'GraphML',
  opengraph: 'BloodHound OpenGraph',
  json: 'JSON',
} as const
