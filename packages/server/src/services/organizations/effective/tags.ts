import type { Scalar, Setting, Value } from './document.ts'
import { contentOf, type Merged } from './merge.ts'

/** Returns a tag policy's document with texts for numbers, booleans and null, as it is merged (behaviour ORG-130). */
export function withTexts(setting: Setting): Setting {
  const values = new Map([...setting.values].map(([operator, value]) => [operator, inTexts(value)] as const))
  const children = new Map([...setting.children].map(([key, child]) => [key, withTexts(child)] as const))
  return { ...setting, values, children }
}

function inTexts(value: Value): Value {
  return isList(value) ? value.map(String) : String(value)
}

/** Every tag has a key and values: by default the policy's key, and all values (behaviour ORG-130). */
export function tagContentOf(merged: Merged): string {
  const tags: [string, unknown][] = []
  for (const [key, { children }] of merged.children.get('tags')?.children ?? []) {
    const rest = [...children].filter(
      // of the lists that policies emptied, only that of values is shown
      ([name, { value, isEmptied }]) => value !== undefined && (!isEmptied || name === 'tag_value'),
    )
    const members = Object.fromEntries(rest.map(([name, { value }]) => [name, value]))
    tags.push([key, { tag_value: ['*'], tag_key: key, ...members }])
  }
  return tags.length === 0 ? contentOf(merged) : JSON.stringify({ tags: Object.fromEntries(tags) })
}

function isList(value: Value): value is readonly Scalar[] {
  return Array.isArray(value)
}
