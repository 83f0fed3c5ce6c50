export { deleteView } from './delete-view';
export { listViews } from './list-views';
export { saveView, updateSavedView } from './save-view';
