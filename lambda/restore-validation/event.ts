/** A restore job of a test that ended well (AWS Backup developer guide, "Restore testing validation"). */
export interface RestoreTestEvent {
  readonly detail: {
    readonly restoreJobId: string;
    /** The server that AWS Backup restored, and deletes when it has the verdict. */
    readonly createdResourceArn: string;
    /** When AWS Backup began and ended the restore, ISO 8601. */
    readonly creationDate?: string;
    readonly completionDate?: string;
  };
}
