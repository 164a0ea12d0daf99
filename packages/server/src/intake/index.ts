export * from '../image/index.ts'
export { type CredentialFacts, factsOfReport } from './answers/report-facts.ts'
export { applyImage, compareImage } from './apply.ts'
export type * from './comparison.ts'
export { imageOfAccount, imageOfOrganization, trustedBy } from './describe.ts'
export { imageOfPeople } from './describe-center.ts'
export {
  type AccountList,
  accountLists,
  Draft,
  type OrganizationList,
  organizationLists,
  sameValue,
} from './draft.ts'
export * from './export/index.ts'
export { type AccountOwn, type ImagePart, type OrganizationOwn, readPart } from './image-shape.ts'
export { type ImageSource, PackedImage } from './image-source.ts'
export { entryOf, objectsOf } from './inventory/found.ts'
export {
  type FoundInventory,
  type InventoryAnswer,
  inventoryOfAnswers,
  isInventoryCall,
  listCallOf,
  notInLists,
} from './inventory/inventory.ts'
export { intakeLimits } from './limits.ts'
export { IntakeProblem, placeText } from './problem.ts'
export { ImageReader, type ReadOptions, readImage } from './read.ts'
export type { GivenFile } from './source-file.ts'
export {
  imageOfTemplates,
  isTemplateSource,
  placeKey,
  type TemplateImage,
  type TemplateSource,
  unreadDocuments,
} from './templates/index.ts'
export { type Inventory, type InventoryResource, inventoryOfTemplates } from './templates/inventory.ts'
