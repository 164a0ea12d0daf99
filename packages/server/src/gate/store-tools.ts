export { NodesLackKey, type Rotated, rotateMasterKey, storedPurposes } from './rotate-key.ts'
export { type Copied, copyStore, StoreNotEmpty } from './store-copy.ts'
