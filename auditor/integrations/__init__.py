"""The auditor inside other people's pipelines: one small module a library, none imported before it is asked for."""
