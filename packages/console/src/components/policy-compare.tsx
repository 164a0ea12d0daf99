import { json } from '@codemirror/lang-json'
import { defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { MergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { oneDarkHighlightStyle } from '@codemirror/theme-one-dark'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useAppearance } from '../client/appearance.ts'
import { useText } from '../text/language.ts'
import { policyText } from '../text/policy.ts'

/** Two texts side by side, with what differs marked. */
export default function PolicyCompare(props: {
  readonly before: string
  readonly after: string
  readonly beforeLabel: string
  readonly afterLabel: string
}) {
  const { before, after, beforeLabel, afterLabel } = props
  const parent = useRef<HTMLDivElement>(null)
  const appearance = useAppearance()
  const unchanged = useText(policyText).unchangedLines
  useEffect(() => {
    if (parent.current === null) return
    const extensions = (label: string) => [
      lineNumbers(),
      json(),
      syntaxHighlighting(appearance === 'dark' ? oneDarkHighlightStyle : defaultHighlightStyle),
      EditorView.theme({}, { dark: appearance === 'dark' }),
      EditorView.lineWrapping,
      EditorView.editable.of(false),
      EditorState.readOnly.of(true),
      EditorState.phrases.of({ '$ unchanged lines': unchanged }),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', role: 'textbox' }),
    ]
    const view = new MergeView({
      parent: parent.current,
      a: { doc: before, extensions: extensions(beforeLabel) },
      b: { doc: after, extensions: extensions(afterLabel) },
      collapseUnchanged: { margin: 3, minSize: 6 },
    })
    return () => view.destroy()
  }, [before, after, beforeLabel, afterLabel, appearance, unchanged])
  return <div ref={parent} className="policy-compare" lang="en" />
}
