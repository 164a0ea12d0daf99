import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { json, jsonParseLinter } from '@codemirror/lang-json'
import { defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { oneDarkHighlightStyle } from '@codemirror/theme-one-dark'
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view'
import { assumedOf, type FindingClass, type PolicyKind, parsePolicy, validate } from '@omen-iam/policy'
import { basicSetup } from 'codemirror'
import { useEffect, useRef } from 'react'
import { useAppearance } from '../client/appearance.ts'
import { completionsFor } from '../client/completions.ts'

export interface PolicyEditorProps {
  readonly value: string
  /** Absent for other JSON: then only its syntax is checked. */
  readonly kind?: PolicyKind
  /** The accessible name. */
  readonly label: string
  readonly onChange?: (text: string) => void
  /** Stretches that have no effect, for example what a boundary cuts away: from and to, in characters. */
  readonly shaded?: readonly { readonly from: number; readonly to: number }[]
}

const severities: Readonly<Record<FindingClass, Diagnostic['severity']>> = {
  error: 'error',
  securityWarning: 'warning',
  warning: 'warning',
  suggestion: 'info',
}

/** An editor of policy documents: JSON, the engine's findings in the gutter, completion from the catalogue. */
export default function PolicyEditor({ value, kind, label, onChange, shaded = [] }: PolicyEditorProps) {
  const parent = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const changed = useRef(onChange)
  changed.current = onChange
  const appearance = useAppearance()
  const parts = useRef({ theme: new Compartment(), shade: new Compartment() })

  // biome-ignore lint/correctness/useExhaustiveDependencies: later values are set below, in the same editor
  useEffect(() => {
    if (parent.current === null) return
    const { theme, shade } = parts.current
    const editor = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          basicSetup,
          json(),
          lintGutter(),
          kind === undefined
            ? linter(jsonParseLinter(), { delay: 250 })
            : linter((current) => diagnostics(current.state.doc.toString(), kind), { delay: 250 }),
          autocompletion({ override: [(context) => complete(context, kind ?? 'identity')] }),
          EditorView.lineWrapping,
          // contenteditable is focusable by itself, but accessibility checkers know only tabindex
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorState.readOnly.of(onChange === undefined),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString())
          }),
          theme.of(themeOf(appearance)),
          shade.of(shadeOf(shaded)),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [kind, label])

  useEffect(() => {
    const editor = view.current
    if (editor === undefined || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.theme.reconfigure(themeOf(appearance)) })
  }, [appearance])

  const shadeKey = JSON.stringify(shaded)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of the stretches is what changes
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.shade.reconfigure(shadeOf(shaded)) })
  }, [shadeKey])

  return <div ref={parent} className="policy-editor" lang="en" />
}

function themeOf(appearance: 'light' | 'dark') {
  const highlight = appearance === 'dark' ? oneDarkHighlightStyle : defaultHighlightStyle
  return [
    // basicSetup has a fallback of its own, which would win over a dark one
    syntaxHighlighting(highlight, { fallback: appearance !== 'dark' }),
    EditorView.theme({}, { dark: appearance === 'dark' }),
  ]
}

function shadeOf(stretches: readonly { readonly from: number; readonly to: number }[]) {
  const mark = Decoration.mark({ class: 'policy-shaded' })
  return ViewPlugin.define(() => ({}), {
    provide: () =>
      EditorView.decorations.of(({ state }) =>
        Decoration.set(
          stretches
            .filter(({ from, to }) => from < to && to <= state.doc.length)
            .map(({ from, to }) => mark.range(from, to)),
          true,
        ),
      ),
  })
}

function diagnostics(text: string, kind: PolicyKind): readonly Diagnostic[] {
  if (text.trim() === '') return []
  return validate(text, kind).map(({ class: of, code, message, span }) => ({
    from: Math.min(span.start.offset, text.length),
    to: Math.min(Math.max(span.end.offset, span.start.offset + 1), text.length),
    severity: severities[of],
    source: code,
    message: [message, ...standingOf(code)].join(' '),
  }))
}

/** The sentence of docs/behaviour that a finding rests on, if it is assumed: as lint names it. */
function standingOf(code: string): readonly string[] {
  const assumed = assumedOf({ code })
  return assumed === undefined ? [] : [`(assumed: ${assumed})`]
}

/** Completes text between quotes: elements, actions, condition keys, principals. */
async function complete(context: CompletionContext, kind: PolicyKind): Promise<CompletionResult | null> {
  const word = context.matchBefore(/"[^"\n]*/)
  if (word === null || (word.to - word.from < 2 && !context.explicit)) return null
  const typed = word.text.slice(1)
  const before = context.state.doc.sliceString(Math.max(0, word.from - 2_000), word.from)
  const options = await completionsFor(elementAt(before), typed, kind).catch(() => []) // the text can still be typed
  return options.length === 0
    ? null
    : { from: word.from + 1, options: options.map((label) => ({ label })), validFor: /^[^"\n]*$/ }
}

/** The element of a statement whose value is being written. */
function elementAt(before: string): string {
  const names = [...before.matchAll(/"([A-Za-z:]+)"\s*:/g)]
  const open = /[[:,]\s*$/.test(before)
  return open ? (names.at(-1)?.[1] ?? '') : ''
}

/** Whether the engine would accept the document. */
export function isAccepted(text: string, kind: PolicyKind): boolean {
  return parsePolicy(text, kind).ok
}
