import { type Account, defineTable } from '../../directory/index.ts'

/** A requested deletion of a service-linked role. */
export interface DeletionTask {
  /** `task/aws-service-role/PRINCIPAL/ROLE/UUID`. */
  readonly id: string
  readonly endedAt: number
}

const deletionTasks = defineTable<DeletionTask>({ kind: 'iam/deletion-task', key: (r) => r.id })

/** The most stored tasks of an account; older ones are removed. */
const tasksKept = 1_000

export function keepTask(account: Account, task: DeletionTask): void {
  const table = account.table(deletionTasks)
  if (table.size >= tasksKept) {
    for (const oldest of table.values()) {
      table.delete(oldest.id)
      break
    }
  }
  table.put(task)
}

export function findTask(account: Account, id: string): DeletionTask | undefined {
  return account.table(deletionTasks).find(id)
}
