import type { shellText } from '../text/shell.ts'

type ShellText = (typeof shellText)['en']

/** The name of a text of the frame that is one word or sentence. */
type TextName = {
  [Name in keyof ShellText]: ShellText[Name] extends string ? Name : never
}[keyof ShellText]

/** A page that Search finds by its name, and that may have a group in the navigation. */
export interface NamedPage {
  readonly path: string
  readonly name: TextName
  readonly group?: TextName
}
