export { publishPolicy } from './publish-policy';
export { listPolicyVersions, readPolicyVersion } from './read-policies';
