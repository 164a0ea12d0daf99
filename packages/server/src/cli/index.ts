export { awsStage, type StageParts, StoryBroken } from './tour/aws-stage.ts'
export type { Cast, Chapter } from './tour/cast.ts'
export type { Actor, Keys, Refusal, Stage } from './tour/stage.ts'
export { chapters, playStory } from './tour/story.ts'
