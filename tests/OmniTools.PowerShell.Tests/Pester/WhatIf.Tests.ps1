Describe 'New-OmniVideo under WhatIf' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        # What a host shows, line by line.
        function Get-Plan([scriptblock] $script) {
            $transcript = Join-Path $TestDrive "$([guid]::NewGuid()).txt"
            Start-Transcript $transcript | Out-Null
            try { & $script | Out-Null } finally { Stop-Transcript | Out-Null }
            @(Get-Content $transcript | Where-Object { $_ -like 'What if:*' })
        }
        function Get-Row([int] $count, [string] $provider) { 1..$count |
            ForEach-Object { [pscustomobject]@{ Prompt = "scene $_"; Provider = $provider; RequestKey = "k$_" } } }
    }
    BeforeEach { $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid()) }
    AfterEach { $env:OMNI_MAX_VIDEOS_PER_DAY = $env:OMNI_MAX_CREDITS_PER_DAY = $null }

    It 'shows key, prompt, estimate and the running total' {
        $plan = Get-Plan { Get-Row 2 apimart | New-OmniVideo -WhatIf }
        $plan[0] | Should -Be ("What if: k1 'scene 1': apimart in the sandbox, gemini-omni-flash-preview, the " +
            'provider''s length, at most $1.00 (10 credits). Clip 1 of this command, at most $1.00 in all.')
        $plan[1] | Should -BeLike "What if: k2 'scene 2':*. Clip 2 of this command, at most `$2.00 in all."
        Get-OmniVideoTask | Should -BeNullOrEmpty
    }

    It 'counts the whole list against the limit, and says which rows would be refused' {
        New-OmniVideo 'bought before' | Out-Null
        $env:OMNI_MAX_VIDEOS_PER_DAY = '3'
        $plan = Get-Plan { Get-Row 4 toapis | New-OmniVideo -WhatIf }
        $plan[0] | Should -BeLike '*Clip 2 of 3 today.'
        $plan[1] | Should -BeLike '*Clip 3 of 3 today.'
        $plan[2] | Should -BeLike '*It would be refused: OMNI_MAX_VIDEOS_PER_DAY is 3, and 3 would be used before it.'
        $plan[3] | Should -BeLike '*It would be refused*'
    }

    It 'counts credits against their limit' {
        $env:OMNI_MAX_CREDITS_PER_DAY = '25'
        $plan = Get-Plan { Get-Row 3 apimart | New-OmniVideo -WhatIf }
        $plan[1] | Should -BeLike '*Clip 2 of this command, 20 of 25 credits today.'
        $plan[2] | Should -BeLike (
            '*It would be refused: OMNI_MAX_CREDITS_PER_DAY is 25, and 20 would be used before it.')
    }

    It 'shows what is bought already, and keys that are used twice' {
        $first = Get-Row 1 toapis | New-OmniVideo
        $plan = Get-Plan {
            Get-Row 2 toapis | New-OmniVideo -WhatIf
            [pscustomobject]@{ Prompt = 'another'; Provider = 'toapis'; RequestKey = 'k1' } | New-OmniVideo -WhatIf
            [pscustomobject]@{ Prompt = 'one'; RequestKey = 'twice' },
                [pscustomobject]@{ Prompt = 'two'; RequestKey = 'twice' },
                [pscustomobject]@{ Prompt = 'one'; RequestKey = 'twice' } | New-OmniVideo -WhatIf
        }
        $plan[0] | Should -BeLike "*Already bought ($($first.Id), *): it is returned, nothing is bought."
        $plan[1] | Should -BeLike '*Clip 1 of this command.'
        $plan[2] | Should -BeLike '*It would be refused: This request key was used*'
        $plan[4] | Should -BeLike '*It would be refused: an earlier row has this key and another content.'
        $plan[5] | Should -BeLike '*The same as an earlier row with this key: nothing is bought.'
    }
}
