export { areDistinct, drawn, type Family, families, type Genes, genesOf, inks } from './genes.ts'
export {
  distinctTurns,
  distinctTurnsInSteps,
  type MaskOptions,
  type MaskState,
  maskBody,
  maskSvg,
} from './mask.ts'
