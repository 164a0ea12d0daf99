import { texts } from './language.ts'

/** Tags of roles, users, policies and other resources. */
export const tagsText = texts({
  en: {
    title: 'Tags',
    key: 'Key',
    value: 'Value',
    none: 'No tags.',
    edit: 'Edit tags',
    saved: 'The tags are saved.',
  },
  ja: {
    title: 'タグ',
    key: 'キー',
    value: '値',
    none: 'タグはありません。',
    edit: 'タグを編集',
    saved: 'タグを保存しました。',
  },
})
