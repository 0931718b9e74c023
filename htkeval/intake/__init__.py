"""From a sheet that an office made to measurements that can be trusted."""
