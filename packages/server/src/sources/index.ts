export { isTemplate } from './cloudformation.ts'
export { policyProperties } from './cloudformation-types.ts'
export { type DeclaredResource, declaredResources, knownText } from './declared.ts'
export { embeddedJson } from './embedded.ts'
export { limits as sourceLimits } from './limits.ts'
export {
  at,
  isPolicyDocument,
  itemsOf,
  member,
  membersOf,
  oneOrMany,
  rowOf,
  textAt,
  textOf,
} from './nodes.ts'
export { readInOneWay, writtenJson } from './one-reading.ts'
export { unknownPart } from './print.ts'
export { readPolicySources, wholePolicy } from './read.ts'
export type * from './source.ts'
export { isAssemblyManifest, isAssetManifest, isConstructTree } from './template/cdk.ts'
export { nameOf } from './template/naming.ts'
export { stackName } from './template/nested.ts'
export type { Given, StackTags, TemplateOptions, Text } from './template/options.ts'
export { asNamed } from './template/parameters.ts'
export { derivedCharacters } from './template/random.ts'
export { resolveTemplates } from './template/resolve.ts'
export type * from './template/resolved.ts'
export { givenTags, isTagProperty } from './template/stack-tags.ts'
export { isTerraform } from './terraform.ts'
export { type DocumentPlace, documentOf as dataDocument, knownItems } from './terraform-document.ts'
export { asShown, foreignForm, keyText } from './terraform-state.ts'
export { parseSource, readTree, readTrees } from './tree.ts'
