export { Mirror, type MirrorState } from './mirror.ts'
