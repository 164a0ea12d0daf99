export type * from './comparison.ts'
export * from './image.ts'
export { IntakeProblem, placeText } from './problem.ts'
export {
  imageOfTemplates,
  isTemplateSource,
  placeKey,
  type TemplateImage,
  type TemplateSource,
} from './templates/index.ts'
