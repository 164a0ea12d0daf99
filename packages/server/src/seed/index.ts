export { imageOfSeed } from './image.ts'
export { managedArn, trustOf } from './names.ts'
export { plantSeeds } from './plant.ts'
export { SeedProblem } from './problem.ts'
export {
  type ReadAccounts,
  type ReadSeed,
  readSeedFile,
  readSeedFiles,
  readSeedObject,
  type SeedPath,
  type SeedServer,
} from './read.ts'
export type * from './seed.ts'
export { seedShape } from './shape.ts'
